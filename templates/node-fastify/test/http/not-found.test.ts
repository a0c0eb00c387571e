import fastify from 'fastify';
import { expect, test } from 'vitest';
import { errors } from '../../src/errors.ts';
import { notFound } from '../../src/http/not-found.ts';

const app = fastify();
await app.register(errors);
await app.register(notFound);
app.get('/things/:id', async () => 'read');
app.put('/things/:id', async () => 'written');
app.route({ method: ['POST', 'DELETE'], url: '/files/*', handler: async () => 'done' });

test('a path that is known for other methods names them', async () => {
  const thing = await app.inject({ method: 'POST', url: '/things/1?x=1' });
  expect([thing.statusCode, thing.headers.allow]).toEqual([405, 'GET, HEAD, PUT']);
  const file = await app.inject({ method: 'GET', url: '/files/a/b' });
  expect([file.statusCode, file.headers.allow]).toEqual([405, 'POST, DELETE']);
});

test.for(['/', '/things', '/things/1/x', '/files'])('%s is not known', async (url) => {
  const response = await app.inject({ url });
  expect([response.statusCode, response.headers.allow]).toEqual([404, undefined]);
});

test('the body of what is not known is not looked at', async () => {
  const body = { headers: { 'Content-Type': 'application/json' }, payload: '{' };
  expect((await app.inject({ method: 'POST', url: '/nowhere', ...body })).statusCode).toBe(404);
  expect((await app.inject({ method: 'PATCH', url: '/things/1', ...body })).statusCode).toBe(405);
});
