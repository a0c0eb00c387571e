import { BrokenCircuitError } from 'cockatiel';
import type { Logger } from '../log.ts';
import { MlClient, type MlConfig, MlUnavailable } from './client.ts';
import type { NewPredictions, PredictionAnswer } from './schema.ts';

export type PredictionsService = ReturnType<typeof createPredictionsService>;

/** Predictions, for as long as there are any: when the ML service is away, an answer that says so. */
export function createPredictionsService(config: MlConfig, log: Logger) {
  const ml = new MlClient(config, log);
  return {
    async predict(input: NewPredictions): Promise<PredictionAnswer> {
      try {
        return { degraded: false, ...(await ml.predict(input)) };
      } catch (error) {
        if (!(error instanceof MlUnavailable || error instanceof BrokenCircuitError)) {
          throw error;
        }
        log.warn({ err: error }, 'answering without predictions');
        return { degraded: true, model: null, predictions: null };
      }
    },
  };
}
