import { createServer } from 'node:http';
import { auth } from './auth.mjs';

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    if (request.method !== 'POST') return response.writeHead(404).end();
    const answer = await auth.api.verifyApiKey({ body: JSON.parse(Buffer.concat(parts).toString()) });
    response.writeHead(answer.valid ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ valid: answer.valid, error: answer.error, key: answer.key }));
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
