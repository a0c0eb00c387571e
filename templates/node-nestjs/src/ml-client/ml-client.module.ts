import { Module } from '@nestjs/common';
import { CONFIG, LOG } from '../core.module.ts';
import type { Logger } from '../log.ts';
import type { MlConfig } from './client.ts';
import { PREDICTIONS, PredictionsController } from './predictions.controller.ts';
import { createPredictionsService } from './service.ts';

/** `/api/predictions`, made by the ML service. */
@Module({
  controllers: [PredictionsController],
  providers: [
    {
      provide: PREDICTIONS,
      inject: [CONFIG, LOG],
      useFactory: (config: MlConfig, log: Logger) => createPredictionsService(config, log),
    },
  ],
})
export class MlClientModule {}
