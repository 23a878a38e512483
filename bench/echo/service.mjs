import Fastify from 'fastify';

/** The least that a service can do over HTTP: JSON in, as much JSON out as an order has. */
const app = Fastify();
const answer = { filler: 'x'.repeat(700) };
app.post('/echo', (request) => ({ ...answer, body: request.body }));
app.get('/echo', () => answer);
await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ url: `http://127.0.0.1:${app.server.address().port}` });
process.on('disconnect', () => process.exit(0));
