import { expect } from 'vitest';
import { test } from '../support/service.ts';
import { jobsOf } from './processes.ts';

test('a digest is asked for, with the id of the request for the log', async ({
  databaseUrl,
  service,
}) => {
  const response = await service.request('/api/digests', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'a-request' },
    body: JSON.stringify({ day: '2026-11-23' }),
  });
  expect([response.status, await response.json()]).toEqual([202, { day: '2026-11-23' }]);
  expect(await jobsOf(databaseUrl, 'write-digest')).toMatchObject([
    { data: { payload: { day: '2026-11-23' }, request_id: 'a-request' } },
  ]);
});

test('asking twice does no harm', async ({ databaseUrl, service }) => {
  for (let time = 0; time < 2; time += 1) {
    expect((await service.send('POST', '/api/digests', { day: '2026-11-23' })).status).toBe(202);
  }
  expect(await jobsOf(databaseUrl, 'write-digest')).toHaveLength(1);
});

test.for([
  {},
  { day: '2026-02-29' },
  { day: '0000-01-01' },
  { day: 1 },
  { day: '2026-11-23', x: 1 },
])('%j is no day', async (body, { databaseUrl, service }) => {
  const response = await service.send('POST', '/api/digests', body);
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ errors: [{ pointer: expect.any(String) }] });
  expect(await jobsOf(databaseUrl, 'write-digest')).toEqual([]);
});

test('without the database it is asked for again later', async ({ proxy, start }) => {
  const service = await start({}, proxy.url);
  proxy.cut();
  const response = await service.send('POST', '/api/digests', { day: '2026-11-23' });
  expect(response.status).toBe(503);
  proxy.open();
  expect((await service.send('POST', '/api/digests', { day: '2026-11-23' })).status).toBe(202);
});
