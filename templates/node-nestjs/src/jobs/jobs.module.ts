import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DatabaseConfig } from '../config.ts';
import { CONFIG, LOG } from '../core.module.ts';
import type { Logger } from '../log.ts';
import { DigestsController } from './digests.controller.ts';
import { Queue } from './queue.ts';

/** What sends jobs: `constructor(private readonly queue: Queue)`. */
@Module({
  controllers: [DigestsController],
  providers: [
    {
      provide: Queue,
      inject: [CONFIG, LOG],
      useFactory: (config: DatabaseConfig, log: Logger) => Queue.to(config.DATABASE_URL, log),
    },
  ],
  exports: [Queue],
})
export class JobsModule implements OnApplicationShutdown {
  constructor(@Inject(Queue) private readonly queue: Queue) {}

  /** Nest calls this when the last request has been answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.queue.stop();
  }
}
