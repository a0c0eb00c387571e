import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, vi } from 'vitest';
import { type Service, test } from '../support/service.ts';
import { connect, refused } from './client.ts';

async function upgrade(service: Service, path: string, to: string): Promise<IncomingMessage> {
  const headers = { Connection: 'Upgrade', Upgrade: to, 'X-Request-Id': 'abc' };
  const [response] = await once(http.get(service.url + path, { headers }), 'response');
  return response as IncomingMessage;
}

test('a client is taken in with the id of its request', async ({ service }) => {
  const client = connect(service, { headers: { 'X-Request-Id': 'abc' } });
  const [response] = (await once(client.socket, 'upgrade')) as [IncomingMessage];
  expect(response.headers['x-request-id']).toBe('abc');
  client.socket.close();
  await vi.waitUntil(() => service.logged.some(({ msg }) => msg === 'websocket closed'));
  expect(service.logged).toContainEqual(
    expect.objectContaining({ request_id: 'abc', path: '/ws/notes', code: 1005 }),
  );
});

test('one client too many is refused with 503, until another leaves', async ({ start }) => {
  const service = await start({ WS_MAX_CONNECTIONS: '1' });
  const first = connect(service);
  await vi.waitUntil(() => first.messages.length === 1);

  const response = await refused(service);
  expect(response.statusCode).toBe(503);
  expect(response.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.any(String),
  });
  expect(JSON.parse(await text(response))).toMatchObject({ status: 503 });

  first.socket.close();
  await first.closed;
  const second = connect(service);
  await vi.waitUntil(() => second.messages.length === 1);
});

test('there is no feed elsewhere', async ({ service }) => {
  expect((await refused(service, '/ws/other')).statusCode).toBe(404);
});

test('a bad handshake is a problem', async ({ service }) => {
  const response = await upgrade(service, '/ws/notes', 'websocket');
  expect(response.statusCode).toBe(400);
  expect(response.headers['x-request-id']).toBe('abc');
  expect(JSON.parse(await text(response))).toMatchObject({ title: 'Bad Request' });
});

test('a request that would also take another protocol is served as it is', async ({ service }) => {
  const response = await upgrade(service, '/livez', 'h2c');
  expect(response.statusCode).toBe(200);
  response.resume();
});

test.for([
  ['https://evil.example', 'https://evil.example'],
  ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
  ['null', 'null'],
  ['file://', 'file://'],
  [`https://${'x'.repeat(200)}.example`, 'this origin'],
] as const)('a page of the origin %s is refused with 403', async ([origin, name], { service }) => {
  const response = await refused(service, '/ws/notes', { origin });
  expect(response.statusCode).toBe(403);
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(await text(response))).toMatchObject({
    detail: `Pages of ${name} may not listen; ALLOWED_ORIGINS names those that may.`,
  });
});

test('pages of the service itself are taken in, and those that are named', async ({ start }) => {
  const service = await start({ ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443' });
  for (const origin of [service.url, 'https://a.example', 'https://b.example:8443']) {
    const client = connect(service, { origin });
    await vi.waitUntil(() => client.messages.length === 1);
  }
  const response = await refused(service, '/ws/notes', { origin: 'https://b.example' });
  expect(response.statusCode).toBe(403);
});
