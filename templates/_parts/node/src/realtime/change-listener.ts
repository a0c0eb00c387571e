import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import type { Logger } from '../log.ts';

/** The row as it became; null for one that is gone, and missing when it is too large to be told. */
const row = z
  .object({
    id: z.guid(),
    title: z.string(),
    body: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .nullish();

const change = z.object({ op: z.enum(['INSERT', 'UPDATE', 'DELETE']), id: z.guid(), row });

/** What the trigger of `migrations/realtime` tells. */
export type Change = z.output<typeof change>;

const CHANNEL = 'notes_changed';
const PROBE_MS = 10_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/**
 * One connection that listens to the database, made anew when it is lost. `up`: every change committed from
 * now on will be told. `down`: no longer so.
 */
export class ChangeListener extends EventEmitter<{ up: []; change: [Change]; down: [] }> {
  readonly #options: pg.ClientConfig;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  #wait = FIRST_WAIT_MS;

  constructor(options: pg.ClientConfig, log: Logger) {
    super();
    this.#options = options;
    this.#log = log;
  }

  start(): void {
    void this.#keepListening(this.#stopping.signal);
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #keepListening(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const err = await this.#listen(signal).catch((error: unknown) => error);
      if (!signal.aborted) {
        this.#log.warn({ err, retry_ms: this.#wait }, 'not listening to the database');
        await sleep(this.#wait, undefined, { signal }).catch(() => {});
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
      }
    }
  }

  /** Comes back when the connection is lost. */
  async #listen(signal: AbortSignal): Promise<void> {
    const client = new pg.Client(this.#options);
    const ended = new Promise<boolean>((resolve) => client.once('end', () => resolve(false)));
    client.on('error', () => {}); // `end` follows
    client.on('notification', ({ payload = '' }) => this.#hear(payload));
    let isUp = false;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      if (signal.aborted) {
        return;
      }
      this.#log.info('listening to the database');
      this.#wait = FIRST_WAIT_MS;
      isUp = true;
      this.emit('up');
      // A peer that is gone without a word would never be noticed by listening alone.
      while (await Promise.race([ended, sleep(PROBE_MS, true, { signal, ref: false })])) {
        await client.query('SELECT 1');
      }
    } finally {
      void client.end();
      if (isUp && !signal.aborted) {
        this.emit('down');
      }
    }
  }

  #hear(payload: string): void {
    const heard = parse(payload);
    if (heard) {
      this.emit('change', heard);
    } else {
      this.#log.warn({ channel: CHANNEL }, 'a notification of another form is ignored');
    }
  }
}

/** Whoever is in the database may notify, of anything. */
function parse(payload: string): Change | undefined {
  try {
    return change.parse(JSON.parse(payload));
  } catch {
    return undefined;
  }
}
