import { expect } from 'vitest';
import { administer } from './support/database.ts';
import { test } from './support/service.ts';

test('a fault of ours is a 500 that tells nothing, and is logged with its request', async ({
  databaseUrl,
  service,
}) => {
  await administer(databaseUrl, 'ALTER TABLE notes RENAME TO secret');
  const response = await service.request('/api/notes', { headers: { 'X-Request-Id': 'abc' } });
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'Something went wrong on our side.',
  });
  expect(service.logged).toContainEqual(
    expect.objectContaining({
      level: 'error',
      request_id: 'abc',
      err: expect.objectContaining({ message: 'relation "notes" does not exist' }),
    }),
  );
});

test('a commit that fails is a 500', async ({ databaseUrl, service }) => {
  await administer(
    databaseUrl,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
     CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION refuse()`,
  );
  expect((await service.send('POST', '/api/notes', { title: 'x' })).status).toBe(500);
  expect(await (await service.request('/api/notes')).json()).toMatchObject({ items: [] });
});

test('a database that is away is a 503 until it is back', async ({ proxy, start }) => {
  const service = await start({}, proxy.url);
  expect((await service.request('/api/notes')).status).toBe(200);
  proxy.cut();
  const response = await service.request('/api/notes');
  expect(response.status).toBe(503);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ title: 'Service Unavailable' });
  proxy.open();
  expect((await service.request('/api/notes')).status).toBe(200);
});

test('a statement that takes too long is a 503', async ({ databaseUrl, start }) => {
  const service = await start({ DATABASE_STATEMENT_TIMEOUT_MS: '100' });
  const lock = administer(databaseUrl, 'BEGIN; LOCK notes; SELECT pg_sleep(1)');
  await expect.poll(async () => (await service.request('/api/notes')).status).toBe(503);
  await lock;
});

test('an unknown path is a 404, whatever it is made of', async ({ service }) => {
  for (const path of ['/', '/api', '/api/note', '/api/notes/%ff', '/api/notes/x/y']) {
    const response = await service.request(path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  }
});
