import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { DatabaseConfig } from '../config.ts';
import type { Logger } from '../log.ts';

export type Database = NodePgDatabase & { $client: pg.Pool };

/** How every connection of the service is made. */
export function connectionOptions(config: DatabaseConfig): pg.ClientConfig {
  return {
    connectionString: config.DATABASE_URL,
    application_name: 'app',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    // The server ends a slow statement; the client gives up a little later, should the server be gone.
    statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
    query_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS + 1000,
    options: '-c TimeZone=UTC',
  };
}

/** The pool and the query builder on top of it. */
export function createDatabase(config: DatabaseConfig, log: Logger): Database {
  const pool = new pg.Pool({ ...connectionOptions(config), max: config.DATABASE_POOL_SIZE });
  // An idle connection that breaks is replaced when next needed; unheard, it would end the process.
  pool.on('error', (err) => log.warn({ err }, 'an idle database connection was lost'));
  return drizzle({ client: pool });
}
