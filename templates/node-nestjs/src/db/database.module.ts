import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, LOG } from '../core.module.ts';
import { createDatabase, type Database } from './database.ts';

export const DATABASE = Symbol('database');

/** The one pool of the process: `@Inject(DATABASE) database: Database`. */
@Global()
@Module({
  providers: [{ provide: DATABASE, inject: [CONFIG, LOG], useFactory: createDatabase }],
  exports: [DATABASE],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Nest calls this when the last request has been answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.$client.end();
  }
}
