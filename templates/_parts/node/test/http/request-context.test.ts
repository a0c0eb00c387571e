import { expect } from 'vitest';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test.for(['abc', 'a.b_c-D9', 'x'.repeat(128)])(
  'the id %s is taken over',
  async (id, { service }) => {
    const response = await service.request('/livez', { headers: { 'X-Request-Id': id } });
    expect(response.headers.get('X-Request-Id')).toBe(id);
  },
);

test.for(['', 'a b', 'a/b', 'é', 'x'.repeat(129)])(
  'the id %j is replaced',
  async (id, { service }) => {
    const response = await service.request('/x', { headers: { 'X-Request-Id': id } });
    expect(response.headers.get('X-Request-Id')).toMatch(UUID);
  },
);

test('each request is logged once, with its id, and without its query', async ({ service }) => {
  await service.request('/api/notes?token=hunter2', {
    headers: { 'X-Request-Id': 'abc', Authorization: 'Bearer hunter2', Cookie: 'a=hunter2' },
  });
  const requests = () => service.logged.filter(({ msg }) => msg === 'request');
  await expect.poll(requests).toHaveLength(1);
  expect(requests()[0]).toMatchObject({
    level: 'info',
    request_id: 'abc',
    method: 'GET',
    path: '/api/notes',
    status: 200,
    duration_ms: expect.any(Number),
    client: '127.0.0.1',
  });
  expect(JSON.stringify(service.logged)).not.toContain('hunter2');
});

test('what is logged after the body was read has the id too', async ({ databaseUrl, service }) => {
  await administer(databaseUrl, 'DROP TABLE notes');
  const response = await service.request('/api/notes', {
    method: 'POST',
    headers: { 'X-Request-Id': 'abc', 'Content-Type': 'application/json' },
    body: '{"title":"x"}',
  });
  expect(response.status).toBe(500);
  expect(service.logged).toContainEqual(
    expect.objectContaining({ level: 'error', request_id: 'abc' }),
  );
});

test('the client is the one that the trusted proxies name, and no other', async ({ start }) => {
  const headers = { 'X-Forwarded-For': '6.6.6.6, 10.0.0.1' };
  const direct = await start();
  await direct.request('/livez', { headers });
  await expect
    .poll(() => direct.logged)
    .toContainEqual(expect.objectContaining({ client: '127.0.0.1' }));

  const behindOne = await start({ TRUSTED_PROXY_HOPS: '1' });
  await behindOne.request('/livez', { headers });
  await expect
    .poll(() => behindOne.logged)
    .toContainEqual(expect.objectContaining({ client: '10.0.0.1' }));
});
