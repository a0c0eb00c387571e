import fastify, { type FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { errors } from '../src/errors.ts';

/** What becomes of what a handler or a plugin throws. */
async function answerTo(error: Error) {
  const app: FastifyInstance = fastify();
  await app.register(errors);
  app.get('/', async () => {
    throw error;
  });
  return app.inject('/');
}

class UpstreamError extends Error {
  statusCode = 413;
}

test.for([
  ['with a status, as Fastify documents it', 429, {}],
  ["of Fastify's plugins", 401, { code: 'FST_JWT_AUTHORIZATION_TOKEN_INVALID' }],
  ['of http-errors', 409, { expose: true }],
] as const)('an error %s keeps it and its message', async ([, statusCode, properties]) => {
  const response = await answerTo(
    Object.assign(new Error('Not like this.'), { statusCode, ...properties }),
  );
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect(response.json()).toMatchObject({ status: statusCode, detail: 'Not like this.' });
});

test.for([
  ['of another service that was asked', new UpstreamError('secret')],
  ['of the server', Object.assign(new Error('secret'), { statusCode: 501 })],
] as const)('an error %s is a 500 that tells nothing', async ([, error]) => {
  const response = await answerTo(error);
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain('secret');
});

test('a body that Fastify refuses is refused in our words', async () => {
  const app = fastify({ bodyLimit: 10 });
  await app.register(errors);
  app.post('/', async () => 'done');
  const send = (type: string, payload: string) =>
    app.inject({ method: 'POST', url: '/', headers: { 'Content-Type': type }, payload });
  expect((await send('application/json', `"${'x'.repeat(10)}"`)).json()).toMatchObject({
    status: 413,
    detail: 'The body is too large.',
  });
  expect((await send('text/x', 'x')).json()).toMatchObject({ status: 415 });
});
