import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';

test('a request that takes too long is ended with 503, and its late result does no harm', async ({
  databaseUrl,
  start,
}) => {
  const service = await start({ REQUEST_TIMEOUT_MS: '100' });
  await administer(
    databaseUrl,
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
     CREATE TRIGGER slow BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION slow()`,
  );
  const response = await service.send('POST', '/api/notes', { title: 'x' });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ detail: 'The request took too long.' });

  await sleep(400);
  expect((await service.request('/livez')).status).toBe(200);
  expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
});
