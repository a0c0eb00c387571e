import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import { z } from 'zod';
import type { Database } from './db/database.ts';
import { isBehind } from './db/migrations.ts';
import { Problem } from './errors.ts';
import { onlyAllows } from './http/not-allowed.ts';
import type { Lifecycle } from './lifecycle.ts';
import { answer, problems } from './openapi.ts';

const DATABASE_PATIENCE_MS = 2000;

/** `/livez`: the process answers. `/readyz`: send it requests. */
export function healthRoutes(database: Database, lifecycle: Lifecycle): Router {
  const router = Router();
  router
    .route('/livez')
    .get((_request, response) => {
      response.json({ status: 'ok' });
    })
    .all(onlyAllows('GET', 'HEAD'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      await checkReady(database, lifecycle);
      response.json({ status: 'ready' });
    })
    .all(onlyAllows('GET', 'HEAD'));
  return router;
}

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

/** What is served here. */
export function describeHealth(registry: OpenAPIRegistry): void {
  registry.registerPath({
    method: 'get',
    path: '/livez',
    operationId: 'livez',
    summary: 'Whether the process answers',
    tags: ['health'],
    responses: {
      200: answer('It does.', z.strictObject({ status: z.literal('ok') })),
      ...problems(500, 503),
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/readyz',
    operationId: 'readyz',
    summary: 'Whether the service wants requests',
    tags: ['health'],
    responses: {
      200: answer('It does.', z.strictObject({ status: z.literal('ready') })),
      ...problems(500, 503),
    },
  });
}
