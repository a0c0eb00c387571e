import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerHeaders } from './headers.ts';

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

/** Gives every answer its headers, and logs how the request ended. */
export function openRequest(headers: AnswerHeaders) {
  const always = Object.fromEntries(headers);
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const start = performance.now();
    reply.headers(always).header('X-Request-Id', request.id);
    reply.raw.once('close', () => {
      if (isTakenOver(reply)) {
        return;
      }
      request.log.info(
        {
          request_id: request.id,
          method: request.method,
          // Without the query, where people put secrets.
          path: request.url.split('?', 1)[0],
          status: reply.statusCode,
          aborted: reply.raw.writableFinished ? undefined : true,
          duration_ms: Math.round((performance.now() - start) * 100) / 100,
          client: request.ip,
        },
        'request',
      );
    });
  };
}

/** A WebSocket, for one: who took it over logs its end. */
function isTakenOver(reply: FastifyReply): boolean {
  return reply.sent && !reply.raw.writableEnded;
}
