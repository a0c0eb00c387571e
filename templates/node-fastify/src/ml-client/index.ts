import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { nothingHere } from '../errors.ts';
import type { Logger } from '../log.ts';
import { answer, problems } from '../openapi.ts';
import type { MlConfig } from './client.ts';
import { newPredictions, predictionAnswer } from './schema.ts';
import { createPredictionsService } from './service.ts';

interface Options {
  config: MlConfig;
  log: Logger;
}

/** `/api/predictions`, made by the ML service. */
export const predictionRoutes: FastifyPluginAsyncZod<Options> = async (app, { config, log }) => {
  const service = createPredictionsService(config, log);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Cache-Control', 'no-store');
  });
  app.setNotFoundHandler(nothingHere);
  app.post(
    '',
    {
      schema: {
        operationId: 'predict',
        summary: 'Predictions, or that there are none just now',
        tags: ['predictions'],
        body: newPredictions,
        response: {
          200: answer('Predictions, or that there are none just now.', predictionAnswer),
          ...problems(400, 413, 415, 422, 500, 503),
        },
      },
    },
    async (request) => service.predict(request.body),
  );
};
