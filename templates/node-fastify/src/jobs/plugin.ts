import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { DatabaseConfig } from '../config.ts';
import type { Logger } from '../log.ts';
import { Queue } from './queue.ts';

declare module 'fastify' {
  interface FastifyInstance {
    queue: Queue;
  }
}

interface Options {
  config: DatabaseConfig;
  log: Logger;
}

/** `app.queue`, for every plugin that comes after. */
export const queue = fp(
  async (app: FastifyInstance, { config, log }: Options) => {
    const queue = Queue.to(config.DATABASE_URL, log);
    app.decorate('queue', queue);
    app.addHook('onClose', () => queue.stop());
  },
  { name: 'queue' },
);
