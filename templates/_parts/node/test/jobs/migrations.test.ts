import { getRollbackPlans } from 'pg-boss';
import { expect } from 'vitest';
import { isBehind, migrate } from '../../src/db/migrations.ts';
import { SCHEMA } from '../../src/jobs/connect.ts';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';

test.for([
  ['the tables', `DROP SCHEMA ${SCHEMA} CASCADE`],
  ['a queue', `DELETE FROM ${SCHEMA}.queue WHERE name = 'write-digest'`],
  ['the newest version', `${getRollbackPlans(SCHEMA)}; UPDATE ${SCHEMA}.version SET bam_on = NULL`],
] as const)(
  'without %s it is not ready, until it is migrated',
  async ([, damage], { databaseUrl, service }) => {
    await administer(databaseUrl, damage);
    expect((await service.request('/readyz')).status).toBe(503);
    await migrate(databaseUrl);
    expect((await service.request('/readyz')).status).toBe(200);
    expect((await service.send('POST', '/api/digests', { day: '2026-11-23' })).status).toBe(202);
  },
);

test('what the code says of a queue is brought to one that is there', async ({ databaseUrl }) => {
  const ask = `SELECT retry_limit, retry_backoff, dead_letter FROM ${SCHEMA}.queue WHERE name = 'write-digest'`;
  const before = (await administer(databaseUrl, ask)).rows;
  await administer(
    databaseUrl,
    `UPDATE ${SCHEMA}.queue SET retry_limit = 0, retry_backoff = false`,
  );
  await migrate(databaseUrl);
  expect((await administer(databaseUrl, ask)).rows).toEqual(before);
});

test('a newer version than ours will do', async ({ databaseUrl, service }) => {
  await administer(databaseUrl, `UPDATE ${SCHEMA}.version SET version = version + 1`);
  expect(await isBehind(service.database.$client)).toBe(false);
});
