import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { LOG } from './core.module.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Logger } from './log.ts';

/** The whole must be over 10 s after the signal, as orchestrators kill then; a long drain gets a little more. */
const TOTAL_MS = 9500;
const LEAST_GRACE_MS = 4000;

/** Ends the service and loses no request: drains, lets what is in flight finish, closes the database. */
export async function shutDown(app: INestApplication, drainSeconds: number): Promise<void> {
  const log = app.get<Logger>(LOG);
  log.info({ drain_seconds: drainSeconds }, 'draining');
  app.get(Lifecycle).drain();
  await sleep(drainSeconds * 1000);

  log.info('closing');
  const closed = app.close().then(() => true);
  const grace = Math.max(TOTAL_MS - drainSeconds * 1000, LEAST_GRACE_MS);
  if (await Promise.race([closed, sleep(grace, false, { ref: false })])) {
    log.info('closed');
  } else {
    log.warn('closed with requests still in flight');
  }
}
