import { expect, vi } from 'vitest';
import { shutDown } from '../../src/shutdown.ts';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';
import { connect } from './client.ts';

test('a client that answers pings stays, and one that does not is dropped', async ({ start }) => {
  const service = await start({ WS_HEARTBEAT_SECONDS: '1' });
  const awake = connect(service);
  const asleep = connect(service, { autoPong: false });
  expect(await asleep.closed).toBe(1006);
  expect(awake.socket.readyState).toBe(awake.socket.OPEN);
});

test('a client that does not read is dropped, and the others hear everything', async ({
  databaseUrl,
  service,
}) => {
  const reader = connect(service);
  const sleeper = connect(service);
  await vi.waitUntil(() => sleeper.messages.length === 1 && reader.messages.length === 1);
  sleeper.socket.pause();
  await administer(
    databaseUrl,
    `INSERT INTO notes (title, body) SELECT n, repeat('x', 10000) FROM generate_series(1, 2000) AS n`,
  );
  await vi.waitUntil(() => reader.messages.length === 2001, { timeout: 20_000 });
  await vi.waitUntil(() => service.logged.some(({ msg }) => msg === 'websocket closed'), {
    timeout: 10_000,
  });
  expect(reader.socket.readyState).toBe(reader.socket.OPEN);
});

test('what a client sends is ignored, unless it is too much', async ({ service }) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  client.socket.send('x'.repeat(1024));
  await service.send('POST', '/api/notes', { title: 'x' });
  await vi.waitUntil(() => client.messages.length === 2);
  client.socket.send('x'.repeat(1025));
  expect(await client.closed).toBe(1009);
});

test('clients are told that the service shuts down', async ({ service }) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  {{ "service.lifecycle.close()" if stack == "node-express" else "void service.app.close()" }};
  expect(await client.closed).toBe(1001);
  await vi.waitUntil(() => !service.server.listening);
});

test('a client that does not even hear that it is to leave holds nothing up', async ({
  service,
}) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  client.socket.pause();
  const begin = performance.now();
  await shutDown({{ "service" if stack == "node-express" else "service.app" }}, 0);
  // The least that a shutdown has left after it has drained.
  expect(performance.now() - begin).toBeLessThan(4000);
  expect(service.logged.at(-1)).toMatchObject({ msg: 'closed' });
});
