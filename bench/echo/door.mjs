import Fastify from 'fastify';
import { Pool } from 'undici';

/** The least that a gateway can do: a small body passed on whole over pooled connections, and the answer back. */
const app = Fastify();
const pool = new Pool(process.argv[2], { connections: 128 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.all('/echo', async (request, reply) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await pool.request({ method: request.method, path: '/echo', headers, body: request.body });
  const body = Buffer.from(await answer.body.arrayBuffer());
  return reply.status(answer.statusCode).type('application/json').send(body);
});
await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ url: `http://127.0.0.1:${app.server.address().port}` });
process.on('disconnect', () => process.exit(0));
