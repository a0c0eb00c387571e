import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { isUnavailable } from './db/errors.ts';

/** One fault of a request: a JSON Pointer into `{body, query}`, and what is wrong there. */
export interface Fault {
  pointer: string;
  detail: string;
}

/** An answer of 400 or more (RFC 9457), thrown from anywhere below the error handler. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[] | undefined;

  constructor(
    status: number,
    detail: string,
    extra: { headers?: Record<string, string>; faults?: Fault[]; cause?: unknown } = {},
  ) {
    super(detail, { cause: extra.cause });
    this.status = status;
    this.headers = extra.headers ?? {};
    this.faults = extra.faults;
  }

  toJSON() {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status],
      status: this.status,
      detail: this.message,
      errors: this.faults,
    };
  }
}

export const nothingHere = () => new Problem(404, 'There is nothing here.');

/** Turns whatever was thrown into a problem, and logs what is our fault. */
export const errors = fp(async (app: FastifyInstance) => {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.status === 500) {
      request.log.error({ err: error }, problem.message);
    } else if (problem.status > 500) {
      request.log.warn({ err: error }, problem.message);
    }
    return sendProblem(reply, problem);
  });
});

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

/** What Fastify itself says of a body, by the status it wants to answer with. */
const BODY_PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The body did not arrive as announced.',
  413: 'The body is too large.',
  415: 'The body must be JSON in UTF-8, sent as application/json.',
};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (isForTheCaller(error)) {
    const ofBody = codeOf(error).startsWith('FST_ERR_CTP_') && BODY_PROBLEMS[error.statusCode];
    return new Problem(error.statusCode, ofBody || error.message, { cause: error });
  }
  if (isUnavailable(error)) {
    return new Problem(503, 'The database is not available; try again later.', { cause: error });
  }
  return new Problem(500, 'Something went wrong on our side.', { cause: error });
}

/**
 * What Fastify and its plugins throw to be answered with: their own errors, those of `http-errors`, and a plain
 * `Error` that was given a status. Any other class may be of a client of another service, whose answer, also a
 * 401 or 404, is no business of our caller.
 */
function isForTheCaller(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    Number(error.statusCode) >= 400 &&
    Number(error.statusCode) < 500 &&
    (codeOf(error).startsWith('FST_') ||
      ('expose' in error && error.expose === true) ||
      Object.getPrototypeOf(error) === Error.prototype)
  );
}

const codeOf = (error: Error) => ('code' in error ? String(error.code) : '');
