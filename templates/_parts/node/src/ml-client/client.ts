import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleType,
} from 'cockatiel';
import { z } from 'zod';
import type { ServiceConfig, Settings } from '../config.ts';
import { Problem } from '../errors.ts';
import { type Logger, requestIds } from '../log.ts';
import { RetryBudget } from './retry-budget.ts';
import { type NewPredictions, type Predictions, predictions } from './schema.ts';
import type { mlClientSettings } from './settings.ts';

const MOST_RETRIES = 2;
const FIRST_PAUSE_MS = 100;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 5000;
const PASSING = new Set([502, 503, 504]);

const refusal = z.object({
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
});

export type MlConfig = ServiceConfig & Settings<typeof mlClientSettings>;

/** The ML service gives no answer that is of use: it is away, too slow, too busy, or not itself. */
export class MlUnavailable extends Error {
  override name = 'MlUnavailable';
  /** How long to wait at least before another attempt; undefined where none would help. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, extra: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: extra.cause });
    this.retryAfterMs = extra.retryAfterMs;
  }
}

/**
 * Asks the ML service. A prediction changes nothing, so that asking again is safe: within one deadline for all
 * attempts, within a budget for all calls, and not at all while the circuit is open.
 */
export class MlClient {
  readonly #url: URL;
  readonly #timeoutMs: number;
  readonly #budget = new RetryBudget();
  readonly #circuit: CircuitBreakerPolicy;

  constructor(config: MlConfig, log: Logger) {
    this.#url = new URL('api/predictions', `${config.ML_URL.replace(/\/+$/, '')}/`);
    // Earlier than the timeout of the request that asks: it still has to be answered.
    this.#timeoutMs = Math.min(config.ML_TIMEOUT_MS, Math.floor(config.REQUEST_TIMEOUT_MS / 2));
    this.#circuit = circuitBreaker(handleType(MlUnavailable), {
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
      halfOpenAfter: OPEN_MS,
    });
    this.#circuit.onBreak(() => log.warn('the circuit to the ML service is open'));
    this.#circuit.onReset(() => log.info('the circuit to the ML service is closed'));
  }

  /** Throws a `Problem` of 422 with the faults that the ML service finds, and else `MlUnavailable`. */
  async predict(input: NewPredictions): Promise<Predictions> {
    const body = JSON.stringify(input);
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const deadline = performance.now() + this.#timeoutMs;
    this.#budget.earn();
    for (let retries = 0; ; retries += 1) {
      try {
        const answer = await this.#circuit.execute(() => this.#ask(body, signal));
        if (answer instanceof Problem) {
          throw answer;
        }
        return answer;
      } catch (error) {
        const pause = pauseAfter(error, retries);
        // Once the circuit is open no attempt would be made, and the cause would be lost.
        const isOpen = this.#circuit.state === CircuitState.Open;
        const isTooLate = pause === undefined || performance.now() + pause >= deadline;
        if (isOpen || isTooLate || !this.#budget.spend()) {
          throw error;
        }
        await sleep(pause);
      }
    }
  }

  /** One attempt. That the input is refused is an answer like another, and no failure. */
  async #ask(body: string, signal: AbortSignal): Promise<Predictions | Problem> {
    const id = requestIds.getStore();
    const headers = { 'Content-Type': 'application/json', ...(id && { 'X-Request-Id': id }) };
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#url, { method: 'POST', headers, body, signal });
      text = await response.text();
    } catch (cause) {
      throw signal.aborted
        ? new MlUnavailable('The ML service takes too long.', { cause })
        : new MlUnavailable('The ML service cannot be reached.', { cause, retryAfterMs: 0 });
    }
    if (PASSING.has(response.status)) {
      throw new MlUnavailable(`The ML service answers ${response.status}.`, {
        retryAfterMs: retryAfter(response.headers.get('Retry-After')),
      });
    }
    return understand(response.status, text);
  }
}

function understand(status: number, text: string): Predictions | Problem {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
    if (status === 200) {
      return predictions.parse(answer);
    }
    if (status === 422) {
      const faults = refusal.parse(answer).errors;
      return new Problem(422, 'The body does not have the form that is asked for.', { faults });
    }
  } catch (cause) {
    throw new MlUnavailable(`The ML service answers ${status} with what is no answer.`, { cause });
  }
  throw new MlUnavailable(`The ML service answers ${status}.`);
}

/** Seconds, or a date. */
function retryAfter(value: string | null): number {
  const ms = /^\d+$/.test(value ?? '')
    ? Number(value) * 1000
    : Date.parse(value ?? '') - Date.now();
  return Math.max(ms || 0, 0);
}

/** How long to wait before the next attempt; undefined when there is to be none. */
function pauseAfter(error: unknown, retries: number): number | undefined {
  if (!(error instanceof MlUnavailable) || error.retryAfterMs === undefined) {
    return undefined;
  }
  if (retries >= MOST_RETRIES) {
    return undefined;
  }
  // At random, so that callers who failed together do not come back together.
  return Math.max(error.retryAfterMs, Math.random() * FIRST_PAUSE_MS * 2 ** retries);
}
