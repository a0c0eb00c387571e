import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import { jsonBody } from '../http/json-body.ts';
import { onlyAllows } from '../http/not-allowed.ts';
import { validate } from '../http/validate.ts';
import type { Logger } from '../log.ts';
import { answer, problems } from '../openapi.ts';
import type { MlConfig } from './client.ts';
import { newPredictions, predictionAnswer } from './schema.ts';
import { createPredictionsService } from './service.ts';

/** `/api/predictions`, made by the ML service. */
export function predictionRoutes(config: MlConfig, log: Logger): Router {
  const service = createPredictionsService(config, log);
  const router = Router();
  router
    .route('/')
    .post(jsonBody(config.BODY_LIMIT_BYTES), async (request, response) => {
      response.json(await service.predict(validate(newPredictions, 'body', request.body)));
    })
    .all(onlyAllows('POST'));
  return router;
}

/** What is served here. */
export function describePredictions(registry: OpenAPIRegistry): void {
  registry.registerPath({
    method: 'post',
    path: '/api/predictions',
    operationId: 'predict',
    summary: 'Predictions, or that there are none just now',
    tags: ['predictions'],
    request: {
      body: { required: true, content: { 'application/json': { schema: newPredictions } } },
    },
    responses: {
      200: answer('Predictions, or that there are none just now.', predictionAnswer),
      ...problems(400, 413, 415, 422, 500, 503),
    },
  });
}
