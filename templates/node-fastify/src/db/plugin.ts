import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { DatabaseConfig } from '../config.ts';
import type { Logger } from '../log.ts';
import { createDatabase, type Database } from './database.ts';

declare module 'fastify' {
  interface FastifyInstance {
    database: Database;
  }
}

interface Options {
  config: DatabaseConfig;
  log: Logger;
}

/** `app.database`, for every plugin that comes after; closed with the service, after its last request. */
export const database = fp(
  async (app: FastifyInstance, { config, log }: Options) => {
    const database = createDatabase(config, log);
    app.decorate('database', database);
    app.addHook('onClose', () => database.$client.end());
  },
  { name: 'database' },
);
