import { AsyncLocalStorage } from 'node:async_hooks';
import { DrizzleQueryError } from 'drizzle-orm';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** The id of the request being served: set once at the door, and in every line logged on its behalf. */
export const requestIds = new AsyncLocalStorage<string>();

const SECRETS = ['password', 'token', 'authorization', 'cookie', 'connectionString'];

/** One JSON object a line, on standard output: written in the background; `flush` waits for it. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 1, sync: false, minLength: 1 }),
): Logger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const id = requestIds.getStore();
        return id === undefined ? {} : { request_id: id };
      },
      serializers: { err: describeError },
      redact: { paths: [...SECRETS, ...SECRETS.map((name) => `*.${name}`)], censor: '[redacted]' },
    },
    destination,
  );
}

/** Only what helps to find the fault: a driver's error also carries the row and the parameters. */
export function describeError(error: unknown): object {
  if (error instanceof DrizzleQueryError) {
    return { ...describeError(error.cause), query: error.query };
  }
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const { name, message, stack } = error;
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: name, message, stack, ...code, ...cause };
}
