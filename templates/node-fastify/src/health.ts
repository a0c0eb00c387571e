import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from './db/database.ts';
import { isBehind } from './db/migrations.ts';
import { Problem } from './errors.ts';
import type { Lifecycle } from './lifecycle.ts';
import { answer, problems } from './openapi.ts';

const DATABASE_PATIENCE_MS = 2000;

/** `/livez`: the process answers. `/readyz`: send it requests. */
export const healthRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/livez',
    {
      schema: {
        operationId: 'livez',
        summary: 'Whether the process answers',
        tags: ['health'],
        response: {
          200: answer('It does.', z.strictObject({ status: z.literal('ok') })),
          ...problems(500, 503),
        },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        summary: 'Whether the service wants requests',
        tags: ['health'],
        response: {
          200: answer('It does.', z.strictObject({ status: z.literal('ready') })),
          ...problems(500, 503),
        },
      },
    },
    async () => {
      await checkReady(app.database, app.lifecycle);
      return { status: 'ready' as const };
    },
  );
};

async function checkReady(database: Database, lifecycle: Lifecycle): Promise<void> {
  if (lifecycle.phase !== 'serving') {
    throw new Problem(503, 'The service is shutting down.');
  }
  const behind = await Promise.race([isBehind(database.$client), impatience()]).catch((cause) => {
    throw new Problem(503, 'The database does not answer.', { cause });
  });
  if (behind) {
    throw new Problem(503, 'The database is not migrated to this version.');
  }
}

async function impatience(): Promise<never> {
  await sleep(DATABASE_PATIENCE_MS, undefined, { ref: false });
  throw new Error(`no answer within ${DATABASE_PATIENCE_MS} ms`);
}
