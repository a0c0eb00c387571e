import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** The whole must be over 10 s after the signal, as orchestrators kill then; a long drain gets a little more. */
const TOTAL_MS = 9500;
const LEAST_GRACE_MS = 4000;

/** Ends the service and loses no request: drains, lets what is in flight finish, closes the database. */
export async function shutDown(app: FastifyInstance, drainSeconds: number): Promise<void> {
  app.log.info({ drain_seconds: drainSeconds }, 'draining');
  app.lifecycle.drain();
  await sleep(drainSeconds * 1000);

  app.log.info('closing');
  const closed = app.close().then(() => true);
  const grace = Math.max(TOTAL_MS - drainSeconds * 1000, LEAST_GRACE_MS);
  if (await Promise.race([closed, sleep(grace, false, { ref: false })])) {
    app.log.info('closed');
  } else {
    app.log.warn('closed with requests still in flight');
  }
}
