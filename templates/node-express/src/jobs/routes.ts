import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import type { Database } from '../db/database.ts';
import { jsonBody } from '../http/json-body.ts';
import { onlyAllows } from '../http/not-allowed.ts';
import { validate } from '../http/validate.ts';
import { answer, problems } from '../openapi.ts';
import type { Queue } from './queue.ts';
import { digest } from './schema.ts';
import { sendDigest } from './write-digest.ts';

/** `/api/digests`: asked for now, written later. */
export function digestRoutes(database: Database, queue: Queue, bodyLimit: number): Router {
  const router = Router();
  router
    .route('/')
    .post(jsonBody(bodyLimit), async (request, response) => {
      const wanted = validate(digest, 'body', request.body);
      await sendDigest(queue, database, wanted.day);
      response.status(202).json(wanted);
    })
    .all(onlyAllows('POST'));
  return router;
}

/** What is served here. */
export function describeDigests(registry: OpenAPIRegistry): void {
  registry.registerPath({
    method: 'post',
    path: '/api/digests',
    operationId: 'askForDigest',
    summary: 'Have a note written that tells how many notes came on a day',
    tags: ['digests'],
    request: { body: { required: true, content: { 'application/json': { schema: digest } } } },
    responses: {
      202: answer('It will be. Asking twice does no harm.', digest),
      ...problems(400, 413, 415, 422, 500, 503),
    },
  });
}
