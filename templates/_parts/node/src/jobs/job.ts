import type { QueuePolicy } from 'pg-boss';
import type { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Queue } from './queue.ts';

/** What a job works with, besides its payload. */
export interface JobContext {
  database: Database;
  /** For the jobs that follow from this one. */
  queue: Queue;
  log: Logger;
  /** The same at every attempt, also of a dead letter that is retried. */
  id: string;
  /** When it was sent, or its time had come; the same at every attempt, too. */
  createdAt: Date;
  /** Aborts when the job has taken too long, or is no longer this worker's. */
  signal: AbortSignal;
}

/** Something to be done in the background. It may be done twice, which must do no harm. */
export interface Job<P extends z.ZodType = z.ZodType> {
  name: string;
  payload: P;
  /** By the clock, which is UTC's: its payload is then an empty object. */
  cron?: string;
  /** `exclusive`: of those with the same `singletonKey` one waits or runs, and no more are taken in. */
  policy?: QueuePolicy;
  /** After so long it has failed; 15 minutes, if nothing else is said. */
  timeoutSeconds?: number;
  run(payload: z.output<P>, context: JobContext): Promise<void>;
}

export const defineJob = <P extends z.ZodType>(job: Job<P>): Job<P> => job;

/** Throw it for what no further attempt can mend: the job goes to the dead letters at once. */
export class PermanentError extends Error {
  override name = 'PermanentError';
}
