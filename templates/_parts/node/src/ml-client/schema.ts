import { z } from 'zod';
import { PredictBody, PredictResponse } from './generated.ts';

export const newPredictions = PredictBody.meta({ id: 'NewPredictions' });

/** What the ML service answers. */
export const predictions = PredictResponse;

/** What we answer. */
export const predictionAnswer = z
  .discriminatedUnion('degraded', [
    z.strictObject({ degraded: z.literal(false), ...predictions.shape }),
    z
      .strictObject({ degraded: z.literal(true), model: z.null(), predictions: z.null() })
      .meta({ description: 'There are no predictions just now; all else works.' }),
  ])
  .meta({ id: 'PredictionAnswer' });

export type NewPredictions = z.output<typeof newPredictions>;
export type Predictions = z.output<typeof predictions>;
export type PredictionAnswer = z.output<typeof predictionAnswer>;
