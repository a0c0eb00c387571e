import {
  type BeforeApplicationShutdown,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, LOG } from '../core.module.ts';
import { DATABASE, DatabaseModule } from '../db/database.module.ts';
import { Runner } from './runner.ts';

/** The worker: the jobs, and what they work with. */
@Module({
  imports: [DatabaseModule],
  providers: [
    {
      provide: Runner,
      inject: [CONFIG, DATABASE, LOG],
      useFactory: (...parts: ConstructorParameters<typeof Runner>) => new Runner(...parts),
    },
  ],
})
export class WorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly runner: Runner) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.runner.start();
  }

  /** Before the database goes, which the jobs that run still need. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.stop();
  }
}
