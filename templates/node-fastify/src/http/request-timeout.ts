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
  app.addHook('onRequest', (request, reply, done) => {
    const timer = setTimeout(() => {
      if (reply.sent || reply.raw.headersSent) {
        return;
      }
      if (!request.raw.complete) {
        // The rest of its body would still be waited for, and get an answer of its own.
        reply.header('Connection', 'close');
      }
      reply.raw.once('finish', () => {
        // Fastify would take what the handler still sends for a mistake of it, and warn.
        reply.send = () => reply;
      });
      sendProblem(reply, new Problem(503, 'The request took too long.'));
    }, milliseconds);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
});
