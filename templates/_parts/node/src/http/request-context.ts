import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { type Logger, requestIds } from '../log.ts';

const SANE_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's request id when it is a sane one, else a new one: the same whenever it is asked for. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && SANE_ID.test(given)) {
    return given;
  }
  const id = randomUUID();
  headers['x-request-id'] = id;
  return id;
}

/** Names the request, in its answer and in every line logged on its behalf, and logs how it ended. */
export function requestContext(log: Logger): RequestHandler {
  return (request, response, next) => {
    const id = requestIdOf(request);
    const start = performance.now();
    response.setHeader('X-Request-Id', id);
    response.once('close', () => {
      log.info(
        {
          request_id: id,
          method: request.method,
          // Without the query, where people put secrets.
          path: request.originalUrl.split('?', 1)[0],
          status: response.statusCode,
          aborted: response.writableFinished ? undefined : true,
          duration_ms: Math.round((performance.now() - start) * 100) / 100,
          client: request.ip,
        },
        'request',
      );
    });
    requestIds.run(id, next);
  };
}
