import { DrizzleQueryError } from 'drizzle-orm';
import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '../db/database.ts';
import { type Logger, requestIds } from '../log.ts';
import { connect } from './connect.ts';
import { jobs } from './index.ts';
import { type Job, PermanentError } from './job.ts';
import { type Envelope, Queue } from './queue.ts';
import type { WorkerConfig } from './settings.ts';

/** Between jobs: to take them, to say how they ended, to look after them, and to listen. All are short. */
const CONNECTIONS = 3;

/** Runs jobs. Of many workers, each job is run by one; so is each time of the clock. */
export class Runner {
  readonly #config: WorkerConfig;
  readonly #database: Database;
  readonly #log: Logger;
  readonly #boss: PgBoss;
  readonly #queue: Queue;
  #running = 0;

  constructor(config: WorkerConfig, database: Database, log: Logger) {
    this.#config = config;
    this.#database = database;
    this.#log = log;
    this.#boss = connect(config.DATABASE_URL, log, {
      application_name: 'worker',
      max: CONNECTIONS,
      useListenNotify: true,
      schedule: true,
      cronMonitorIntervalSeconds: config.WORKER_UPKEEP_SECONDS,
      cronWorkerIntervalSeconds: Math.min(config.WORKER_UPKEEP_SECONDS, 5),
      supervise: true,
      superviseIntervalSeconds: config.WORKER_UPKEEP_SECONDS,
      monitorIntervalSeconds: config.WORKER_UPKEEP_SECONDS,
      queueCacheIntervalSeconds: config.WORKER_UPKEEP_SECONDS,
      maintenanceIntervalSeconds: 3600,
    });
    this.#queue = new Queue(this.#boss);
  }

  /** Waits for the database, and for its migrations. */
  async start(): Promise<void> {
    await this.#boss.start({ attempts: Number.MAX_SAFE_INTEGER });
    const { WORKER_CONCURRENCY, WORKER_POLL_SECONDS } = this.#config;
    for (const job of jobs) {
      const options = {
        localConcurrency: WORKER_CONCURRENCY,
        pollingIntervalSeconds: WORKER_POLL_SECONDS,
        notifyPollingIntervalSeconds: WORKER_POLL_SECONDS,
        burstWhenReadyExceeds: 1,
        includeMetadata: true,
        perJobResults: true,
      } as const;
      await this.#boss.work<Envelope, unknown, typeof options>(job.name, options, (batch) =>
        Promise.all(batch.map((taken) => this.#run(job, taken))),
      );
    }
    this.#log.info(
      { jobs: jobs.map(({ name }) => name), concurrency: WORKER_CONCURRENCY },
      'working',
    );
  }

  /** Takes no more jobs, and lets those that run finish; what takes too long is for another worker. */
  async stop(): Promise<void> {
    this.#log.info({ running: this.#running }, 'leaving');
    await this.#boss.stop({ timeout: this.#config.WORKER_GRACE_SECONDS * 1000 });
    if (this.#running > 0) {
      this.#log.warn({ running: this.#running }, 'jobs were given back');
    }
  }

  #run(job: Job, taken: JobWithMetadata<Envelope>): Promise<JobResult> {
    const run = () => this.#attempt(job, taken);
    const requestId = taken.data.request_id;
    return requestId === undefined ? run() : requestIds.run(requestId, run);
  }

  async #attempt(job: Job, taken: JobWithMetadata<Envelope>): Promise<JobResult> {
    const { data, signal } = taken;
    // One that was a dead letter is another row, and still the same job.
    const id = taken.sourceRootId ?? taken.id;
    const createdAt = data.created_at === undefined ? taken.createdOn : new Date(data.created_at);
    const attempt = taken.retryCount + 1;
    const log = this.#log.child({ job: job.name, job_id: id, attempt });
    const begin = performance.now();
    const duration = () => ({ duration_ms: Math.round(performance.now() - begin) });
    log.info('job started');
    this.#running += 1;
    try {
      await job.run(read(job, data.payload), {
        database: this.#database,
        queue: this.#queue,
        log,
        id,
        createdAt,
        signal,
      });
      log.info(duration(), 'job done');
      return { id: taken.id, status: 'completed' };
    } catch (err) {
      const isPermanent = err instanceof PermanentError;
      const retried = !isPermanent && taken.retryCount < taken.retryLimit;
      log[retried ? 'warn' : 'error']({ err, retried, ...duration() }, 'job failed');
      const status = isPermanent ? 'deadletter' : 'failed';
      return { id: taken.id, status, output: describe(err) };
    } finally {
      this.#running -= 1;
    }
  }
}

function read(job: Job, payload: unknown): unknown {
  const { data, error } = job.payload.safeParse(payload);
  if (error) {
    const faults = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
    throw new PermanentError(`The payload is wrong: ${faults.join('; ')}`);
  }
  return data;
}

/** What is stored: an error of the database also carries rows and parameters. */
function describe(error: unknown): object {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof Error
    ? { name: cause.name, message: cause.message }
    : { name: 'Error', message: String(cause) };
}
