import { type ConstructorOptions, PgBoss } from 'pg-boss';
import type { Logger } from '../log.ts';

/** Where pg-boss has its tables. */
export const SCHEMA = 'jobs';

/** Where a job goes that has failed for good. */
export const DEAD_LETTERS = 'dead-letters';

/** pg-boss, at first without any of what it does by itself. */
export function connect(url: string, log: Logger, options: ConstructorOptions): PgBoss {
  const defaults = {
    connectionString: url,
    schema: SCHEMA,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    migrate: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  };
  const boss = new PgBoss({ ...defaults, ...options });
  boss.on('error', (err) => log.warn({ err }, 'the queue has trouble with the database'));
  boss.on('warning', ({ message }) => log.warn(message));
  return boss;
}
