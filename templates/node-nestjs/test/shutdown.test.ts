import { once } from 'node:events';
import net from 'node:net';
import { expect } from 'vitest';
import { shutDown } from '../src/shutdown.ts';
import { administer } from './support/database.ts';
import { test } from './support/service.ts';

test('a request in flight is answered, and then everything is closed', async ({
  databaseUrl,
  service,
}) => {
  const locked = administer(databaseUrl, 'BEGIN; LOCK notes; SELECT pg_sleep(0.5)');
  await expect
    .poll(() =>
      administer(databaseUrl, "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock'"),
    )
    .toHaveProperty('rowCount', 1);
  const inFlight = service.request('/api/notes');
  await once(service.server, 'request');

  await shutDown(service.app, 0);
  expect((await inFlight).status).toBe(200);
  expect(service.server.listening).toBe(false);
  expect(service.database.$client.ended).toBe(true);
  expect(service.logged.at(-1)).toMatchObject({ msg: 'closed' });
  await locked;
});

test('new requests are served while it drains, and not after', async ({ service }) => {
  const over = shutDown(service.app, 1);
  expect((await service.request('/readyz')).status).toBe(503);
  expect((await service.request('/api/notes')).status).toBe(200);
  await over;
  await expect(service.request('/livez')).rejects.toThrow('fetch failed');
});

test('a connection without a request does not hold it up', async ({ service }) => {
  const { port } = service.server.address() as net.AddressInfo;
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const begin = performance.now();
  await shutDown(service.app, 0);
  expect(performance.now() - begin).toBeLessThan(1000);
  socket.destroy();
});
