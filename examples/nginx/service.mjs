// A service behind the proxy. It answers what it was told of the request, so that one can see it.
import { createServer } from 'node:http';

const SHOWN = /^(x-scopegate-|x_scopegate_|authorization$|x-api-key$)/;

let connections = 0;
const numbers = new WeakMap();

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headers } = request;
  const answer = {
    method,
    url,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => SHOWN.test(name))),
    bodyBytes: Buffer.concat(chunks).length,
    connection: numbers.get(request.socket),
  };
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify(answer, null, 2)}\n`);
});

server.on('connection', (socket) => numbers.set(socket, ++connections));
server.listen(Number(process.env.PORT ?? 8081), '127.0.0.1', () => {
  console.log(`The service listens on http://127.0.0.1:${server.address().port}`);
});
