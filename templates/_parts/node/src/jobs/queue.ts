import { sql } from 'drizzle-orm';
import { fromDrizzle, type JobOptions, type PgBoss } from 'pg-boss';
import type { z } from 'zod';
import type { Database } from '../db/database.ts';
import { type Logger, requestIds } from '../log.ts';
import { connect } from './connect.ts';
import type { Job } from './job.ts';

/** A transaction, or the database itself. */
export type Executor = Pick<Database, 'execute'>;

/** What is stored of a job. */
export interface Envelope {
  payload?: unknown;
  /** For the log of the worker. */
  request_id?: string;
  /** Of a job that was a dead letter: when it was sent, the first time. */
  created_at?: string;
}

/** Sends jobs. */
export class Queue {
  readonly #boss: PgBoss;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** For those who only send. */
  static to(databaseUrl: string, log: Logger): Queue {
    // Jobs go in by the caller's connection; this one is to look up queues, and is closed when idle.
    return new Queue(connect(databaseUrl, log, { application_name: 'queue', max: 1 }));
  }

  /**
   * A job that is sent in a transaction is there when that commits, and else never was. Gives its id, or
   * null when one with the same `singletonKey` is waiting, or running, already.
   */
  async send<P extends z.ZodType>(
    executor: Executor,
    job: Job<P>,
    payload: z.input<P>,
    options: JobOptions = {},
  ): Promise<string | null> {
    const envelope: Envelope = { payload: job.payload.parse(payload) };
    const requestId = requestIds.getStore();
    if (requestId !== undefined) {
      envelope.request_id = requestId;
    }
    await this.#boss.start();
    return this.#boss.send(job.name, envelope, { ...options, db: fromDrizzle(executor, sql) });
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }
}
