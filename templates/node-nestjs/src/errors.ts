import { STATUS_CODES } from 'node:http';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
} from '@nestjs/common';
import type { Response } from 'express';
import { LOG } from './core.module.ts';
import { isUnavailable } from './db/errors.ts';
import type { Logger } from './log.ts';

/** One fault of a request: a JSON Pointer into `{body, query}`, and what is wrong there. */
export interface Fault {
  pointer: string;
  detail: string;
}

/**
 * An answer of 400 or more (RFC 9457). Throw one, or any exception of Nest's such as `NotFoundException`,
 * which becomes one.
 */
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

/** Turns whatever was thrown into a problem, and logs what is our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.writableEnded) {
      // The timeout has answered; this is what became of the work.
      this.log.debug({ err: error }, 'too late');
      return;
    }
    const problem = toProblem(error);
    if (problem.status === 500) {
      this.log.error({ err: error }, problem.message);
    } else if (problem.status > 500) {
      this.log.warn({ err: error }, problem.message);
    }
    if (response.headersSent) {
      // Too late for an answer: what has been sent must not pass for a whole one.
      response.destroy();
    } else {
      sendProblem(response, problem);
    }
  }
}

export function sendProblem(response: Response, problem: Problem): void {
  const body = Buffer.from(JSON.stringify(problem));
  response
    .status(problem.status)
    .set(problem.headers)
    .set('Content-Length', String(body.length))
    .setHeader('Content-Type', 'application/problem+json')
    .end(body);
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof HttpException && error.getStatus() !== 500) {
    return new Problem(error.getStatus(), error.message, { cause: error.cause });
  }
  if (isForTheCaller(error)) {
    return new Problem(error.status, error.message, { cause: error });
  }
  // A path that cannot be decoded.
  if (error instanceof URIError) {
    return new Problem(404, 'There is nothing here.');
  }
  if (isUnavailable(error)) {
    return new Problem(503, 'The database is not available; try again later.', { cause: error });
  }
  return new Problem(500, 'Something went wrong on our side.', { cause: error });
}

/** What middleware throws by the convention of `http-errors`. A client of another service sets no `expose`. */
function isForTheCaller(error: unknown): error is Error & { status: number } {
  return (
    error instanceof Error &&
    'expose' in error &&
    error.expose === true &&
    'status' in error &&
    Number(error.status) >= 400 &&
    Number(error.status) < 500
  );
}
