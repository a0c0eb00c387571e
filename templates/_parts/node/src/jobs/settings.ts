import { databaseSettings, integer, type Settings } from '../config.ts';

/** What the worker reads. */
export const workerSettings = {
  ...databaseSettings,
  WORKER_CONCURRENCY: integer(1, 1000).default(4),
  // More would not leave the time to give back what has not finished: the whole must be over in 10 s.
  WORKER_GRACE_SECONDS: integer(1, 8).default(8),
  WORKER_POLL_SECONDS: integer(1, 3600).default(2),
  WORKER_UPKEEP_SECONDS: integer(1, 45).default(10),
};

export type WorkerConfig = Settings<typeof workerSettings>;
