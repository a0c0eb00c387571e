import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { answer, problems } from '../openapi.ts';
import { digest } from './schema.ts';
import { sendDigest } from './write-digest.ts';

/** `/api/digests`: asked for now, written later. */
export const digestRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '',
    {
      schema: {
        operationId: 'askForDigest',
        summary: 'Have a note written that tells how many notes came on a day',
        tags: ['digests'],
        body: digest,
        response: {
          202: answer('It will be. Asking twice does no harm.', digest),
          ...problems(400, 413, 415, 422, 500, 503),
        },
      },
    },
    async (request, reply) => {
      await sendDigest(app.queue, app.database, request.body.day);
      return reply.code(202).send(request.body);
    },
  );
};
