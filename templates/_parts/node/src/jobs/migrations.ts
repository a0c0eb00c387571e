import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PgBoss, Queue } from 'pg-boss';
import { createLog } from '../log.ts';
import { connect, DEAD_LETTERS, SCHEMA } from './connect.ts';
import { jobs } from './index.ts';
import type { Job } from './job.ts';

const DAY_SECONDS = 24 * 60 * 60;

const packageFile = createRequire(import.meta.url)('pg-boss/package.json');
const VERSION: number = packageFile.pgboss.schema;

/** How every job is treated, unless it says otherwise. */
const treatment = {
  retryLimit: 7,
  retryBackoff: true,
  retryDelay: 2,
  retryDelayMax: 600,
  // A worker that is silent for so long is lost, and its job is tried again.
  heartbeatSeconds: 15,
  expireInSeconds: 15 * 60,
  // Nobody to run it for so long, and it is given up.
  retentionSeconds: 365 * DAY_SECONDS,
  deleteAfterSeconds: DAY_SECONDS,
  // Workers hear of a job when it comes, and need not ask.
  notify: true,
} satisfies Omit<Queue, 'name'>;

/**
 * Brings the tables of pg-boss to the version that is installed, and the queues to what the code says of
 * them. Safe from several processes at once: pg-boss has a lock of its own.
 */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  const boss = connect(databaseUrl, createLog('warn'), {
    application_name: 'migrate',
    migrate: true,
    bamIntervalSeconds: 10,
  });
  await boss.start();
  try {
    while (await makesIndexes(boss)) {
      await sleep(100);
    }
    await boss.createQueue(DEAD_LETTERS, { retentionSeconds: 30 * DAY_SECONDS });
    for (const job of jobs) {
      await makeQueue(boss, job);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** Whether anything of this version is missing in the database. */
export async function areJobsBehind(client: pg.Client | pg.Pool): Promise<boolean> {
  try {
    const { rows } = await client.query<{ version: number; queues: string[] }>(
      `SELECT version, ARRAY(SELECT name FROM ${SCHEMA}.queue) AS queues FROM ${SCHEMA}.version`,
    );
    return !rows.some(
      ({ version, queues }) =>
        version >= VERSION &&
        [{ name: DEAD_LETTERS }, ...jobs].every(({ name }) => queues.includes(name)),
    );
  } catch (error) {
    const UNDEFINED_TABLE = '42P01';
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) {
      return true;
    }
    throw error;
  }
}

/** A new version may bring indexes, which are made without blocking the tables. */
async function makesIndexes(boss: PgBoss): Promise<boolean> {
  const states = await boss.getBamStatus();
  return states.some(({ status }) => status === 'pending' || status === 'in_progress');
}

async function makeQueue(boss: PgBoss, { name, policy, cron, timeoutSeconds }: Job): Promise<void> {
  const options = {
    ...treatment,
    deadLetter: DEAD_LETTERS,
    ...(timeoutSeconds && { expireInSeconds: timeoutSeconds }),
  };
  await boss.createQueue(name, { ...options, ...(policy && { policy }) });
  await boss.updateQueue(name, options);
  if (cron === undefined) {
    await boss.unschedule(name);
  } else {
    // Once, should its time have passed while no worker was there.
    await boss.schedule(name, cron, { payload: {} }, { missed: 'once' });
  }
}
