import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Problem, sendProblem } from '../errors.ts';

interface Options {
  milliseconds: number;
}

/**
 * Ends a request that takes longer with 503. What it started runs on, and its result is thrown away.
 * (Fastify's own `handlerTimeout` stops counting once a body has been read.)
 */
export const requestTimeout = fp(async (app: FastifyInstance, { milliseconds }: Options) => {
  app.addHook('onRequest', (_request, reply, done) => {
    const timer = setTimeout(() => {
      if (!reply.sent) {
        sendProblem(reply, new Problem(503, 'The request took too long.'));
      }
    }, milliseconds);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
});
