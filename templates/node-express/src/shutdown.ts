import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './db/database.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './log.ts';

interface Parts {
  server: Server;
  database: Database;
  lifecycle: Lifecycle;
  log: Logger;
}

/** The whole must be over 10 s after the signal, as orchestrators kill then; a long drain gets a little more. */
const TOTAL_MS = 9500;
const LEAST_GRACE_MS = 4000;

/** Ends the service and loses no request: drains, lets what is in flight finish, closes the database. */
export async function shutDown(parts: Parts, drainSeconds: number): Promise<void> {
  const { server, database, lifecycle, log } = parts;
  log.info({ drain_seconds: drainSeconds }, 'draining');
  lifecycle.drain();
  await sleep(drainSeconds * 1000);

  log.info('closing');
  const closed = once(server, 'close').then(() => database.$client.end());
  lifecycle.close();
  const grace = Math.max(TOTAL_MS - drainSeconds * 1000, LEAST_GRACE_MS);
  const inTime = await Promise.race([closed.then(() => true), sleep(grace, false, { ref: false })]);
  if (inTime) {
    log.info('closed');
  } else {
    log.warn('closed with requests still in flight');
  }
}
