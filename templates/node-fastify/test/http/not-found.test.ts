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
app.get('/numbers/:id(^\\d+$)', async () => 'number');
app.delete('/numbers/all', async () => 'done');
app.patch('/numbers/:id', async () => 'done');
app.post('/numbers::sum', async () => 'sum');
// As @fastify/cors does.
app.options('*', async () => 'preflight');

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

test('all routes that a path fits are asked, in the syntax that Fastify has', async () => {
  const allowed = async (url: string) => {
    const response = await app.inject({ method: 'SEARCH', url });
    return [response.statusCode, response.headers.allow];
  };
  expect(await allowed('/numbers/1')).toEqual([405, 'GET, HEAD, PATCH']);
  expect(await allowed('/numbers/all')).toEqual([405, 'DELETE, PATCH']);
  expect(await allowed('/numbers/one')).toEqual([405, 'PATCH']);
  expect(await allowed('/numbers:sum')).toEqual([405, 'POST']);
});

test('a path is not known because CORS would answer for it', async () => {
  expect((await app.inject({ method: 'OPTIONS', url: '/nowhere' })).body).toBe('preflight');
  const response = await app.inject({ method: 'POST', url: '/nowhere' });
  expect([response.statusCode, response.headers.allow]).toEqual([404, undefined]);
});
