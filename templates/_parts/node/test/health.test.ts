import { expect } from 'vitest';
import { administer } from './support/database.ts';
import { test } from './support/service.ts';

test('a service that works is live and ready', async ({ service }) => {
  const live = await service.request('/livez');
  expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await service.request('/readyz');
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
});

test('without its database it is live but not ready, until the database is back', async ({
  proxy,
  start,
}) => {
  const service = await start({}, proxy.url);
  expect((await service.request('/readyz')).status).toBe(200);
  proxy.cut();
  expect((await service.request('/readyz')).status).toBe(503);
  expect((await service.request('/livez')).status).toBe(200);
  proxy.open();
  expect((await service.request('/readyz')).status).toBe(200);
});

test('a database that is silent for two seconds is away', async ({ proxy, start }) => {
  const service = await start({}, proxy.url);
  proxy.silence();
  const begin = performance.now();
  const response = await service.request('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ detail: 'The database does not answer.' });
  expect(performance.now() - begin).toBeLessThan(2500);
});

test('with a migration missing it is not ready', async ({ databaseUrl, service }) => {
  await administer(databaseUrl, 'DELETE FROM migrations.app');
  const response = await service.request('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    detail: 'The database is not migrated to this version.',
  });
});

test('while it drains it is not ready, and serves all the same', async ({ service }) => {
  service.lifecycle.drain();
  expect((await service.request('/readyz')).status).toBe(503);
  expect((await service.request('/api/notes')).status).toBe(200);
});
