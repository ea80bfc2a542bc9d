// As little as can be done for a verification: it reads what was sent, and answers the same to everything.
import { createServer } from 'node:http';

const { PORT, ANSWER } = process.env;
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ANSWER) };

createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, headers).end(ANSWER));
}).listen(Number(PORT), '127.0.0.1');
