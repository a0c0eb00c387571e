import { expect } from 'vitest';
import { digestOfYesterday } from '../../src/jobs/digest-of-yesterday.ts';
import type { JobContext } from '../../src/jobs/job.ts';
import { Queue } from '../../src/jobs/queue.ts';
import { writeDigest } from '../../src/jobs/write-digest.ts';
import { createLog } from '../../src/log.ts';
import { administer } from '../support/database.ts';
import { test as base } from '../support/service.ts';
import { jobsOf } from './processes.ts';

const test = base.extend<{ context: JobContext }>({
  context: async ({ databaseUrl, service: { database } }, use) => {
    const log = createLog('warn');
    const queue = Queue.to(databaseUrl, log);
    const createdAt = new Date('2025-11-24T00:05:00Z');
    const { signal } = new AbortController();
    await use({ database, queue, log, id: 'a-job', createdAt, signal });
    await queue.stop();
  },
});

test('a digest counts the notes of the day, and no digests', async ({
  databaseUrl,
  service,
  context,
}) => {
  await administer(
    databaseUrl,
    `INSERT INTO notes (title, body, created_at) VALUES
       ('first', '', '2025-11-23 00:00:00Z'), ('last', '', '2025-11-23 23:59:59.999999Z'),
       ('Digest of 2025-11-22', '', '2025-11-23 00:05:00Z'),
       ('before', '', '2025-11-22 23:59:59.999999Z'), ('after', '', '2025-11-24 00:00:00Z')`,
  );
  await writeDigest.run({ day: '2025-11-23' }, context);
  const { items } = (await (await service.request('/api/notes?limit=1')).json()) as {
    items: { id: string }[];
  };
  expect(items).toMatchObject([{ title: 'Digest of 2025-11-23', body: 'Notes that came: 2' }]);
  expect((await service.request(`/api/notes/${items[0]?.id}`)).status).toBe(200);
});

test('written twice, it is the same note', async ({ databaseUrl, service, context }) => {
  await writeDigest.run({ day: '2025-11-23' }, context);
  await administer(
    databaseUrl,
    "INSERT INTO notes (title, body, created_at) VALUES ('late', '', '2025-11-23 12:00:00Z')",
  );
  await writeDigest.run({ day: '2025-11-23' }, context);
  const { items } = (await (await service.request('/api/notes')).json()) as { items: object[] };
  expect(items).toMatchObject([
    { title: 'Digest of 2025-11-23', body: 'Notes that came: 1' },
    { title: 'late' },
  ]);
});

test('the digest of yesterday is that of the day before its time', async ({
  databaseUrl,
  context,
}) => {
  await digestOfYesterday.run({}, context);
  expect(await jobsOf(databaseUrl, 'write-digest')).toMatchObject([
    { data: { payload: { day: '2025-11-23' } } },
  ]);
});
