import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { errorHandler } from '../src/errors.ts';
import { createLog } from '../src/log.ts';

/** What becomes of what somebody else's middleware throws. */
async function answerOf(middleware: RequestHandler, init?: RequestInit): Promise<Response> {
  const app = express();
  app.use(middleware);
  app.use(errorHandler(createLog('error', { write: () => {} })));
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, init);
}

const throwing =
  (error: Error): RequestHandler =>
  () => {
    throw error;
  };

test('an error that is meant for the caller keeps its status and its message', async () => {
  const error = Object.assign(new Error('Slow down.'), { status: 429, expose: true });
  const response = await answerOf(throwing(error));
  expect(response.status).toBe(429);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({
    title: 'Too Many Requests',
    detail: 'Slow down.',
  });
});

test("the parsers of Express refuse with the caller's fault", async () => {
  const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' };
  expect((await answerOf(express.json(), json)).status).toBe(400);
  const form = { method: 'POST', body: new URLSearchParams({ a: 'x'.repeat(100) }) };
  expect((await answerOf(express.urlencoded({ limit: 10 }), form)).status).toBe(413);
});

test.for([
  ['of another service that was asked', { status: 404 }],
  ['that is not to be shown', { status: 404, expose: false }],
  ['of the server', { status: 501, expose: true }],
] as const)('an error %s is a 500 that tells nothing', async ([, properties]) => {
  const response = await answerOf(throwing(Object.assign(new Error('secret'), properties)));
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
});
