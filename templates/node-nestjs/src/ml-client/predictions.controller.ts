import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, Fails } from '../openapi.ts';
import {
  type NewPredictions,
  newPredictions,
  type PredictionAnswer,
  predictionAnswer,
} from './schema.ts';
import type { PredictionsService } from './service.ts';

export const PREDICTIONS = Symbol('predictions');

@Controller('api/predictions')
@ApiTags('predictions')
export class PredictionsController {
  constructor(@Inject(PREDICTIONS) private readonly predictions: PredictionsService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'predict', summary: 'Predictions, or that there are none just now' })
  @Answers(200, 'Predictions, or that there are none just now.', predictionAnswer)
  @Fails(400, 413, 415, 422)
  predict(@Body({ schema: newPredictions }) input: NewPredictions): Promise<PredictionAnswer> {
    return this.predictions.predict(input);
  }
}
