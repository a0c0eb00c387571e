import { expect } from 'vitest';
import { Queue } from '../../src/jobs/queue.ts';
import { sendDigest, writeDigest } from '../../src/jobs/write-digest.ts';
import { createLog } from '../../src/log.ts';
import { notes } from '../../src/notes/table.ts';
import { test as base } from '../support/service.ts';
import { jobsOf } from './processes.ts';

const DAY = '2026-11-23';

const test = base.extend<{ queue: Queue }>({
  queue: async ({ databaseUrl }, use) => {
    const queue = Queue.to(databaseUrl, createLog('warn'));
    await use(queue);
    await queue.stop();
  },
});

test('a job that is sent in a transaction is there when that has committed', async ({
  databaseUrl,
  service: { database },
  queue,
}) => {
  await database.transaction(async (tx) => {
    await tx.insert(notes).values({ title: 'Milk', body: '' });
    await sendDigest(queue, tx, DAY);
    expect(await jobsOf(databaseUrl, 'write-digest')).toEqual([]);
  });
  expect(await jobsOf(databaseUrl, 'write-digest')).toMatchObject([
    { state: 'created', data: { payload: { day: DAY } } },
  ]);
});

test('a job that is sent in a transaction never was, when that fails', async ({
  databaseUrl,
  service: { database },
  queue,
}) => {
  const attempt = database.transaction(async (tx) => {
    await sendDigest(queue, tx, DAY);
    throw new Error('no');
  });
  await expect(attempt).rejects.toThrow('no');
  expect(await jobsOf(databaseUrl, 'write-digest')).toEqual([]);
});

test('it needs no connection of the pool besides that of the transaction', async ({
  databaseUrl,
  start,
  queue,
}) => {
  const { database } = await start({ DATABASE_POOL_SIZE: '1' });
  await database.transaction((tx) => sendDigest(queue, tx, DAY));
  expect(await jobsOf(databaseUrl, 'write-digest')).toHaveLength(1);
});

test('of those with the same key one waits, and no more are taken in', async ({
  databaseUrl,
  service: { database },
  queue,
}) => {
  expect(await sendDigest(queue, database, DAY)).toEqual(expect.any(String));
  expect(await sendDigest(queue, database, DAY)).toBeNull();
  expect(await sendDigest(queue, database, '2026-11-24')).toEqual(expect.any(String));
  expect(await jobsOf(databaseUrl, 'write-digest')).toHaveLength(2);
});

test('a payload that is wrong is not sent', async ({ service: { database }, queue }) => {
  await expect(queue.send(database, writeDigest, { day: 'today' })).rejects.toThrow(
    'must be a day',
  );
});
