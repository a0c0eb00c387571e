import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import type { Logger } from './log.ts';

/** What Nest says, and whoever uses its `Logger`, in the same lines as everything else. */
export class NestLog implements LoggerService {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  /** What follows a message ends with the name of the class that speaks; a stack may come before. */
  #write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    if (message instanceof Error) {
      this.#log[level]({ context, err: message }, message.message);
    } else {
      const text = typeof message === 'string' ? message : inspect(message);
      this.#log[level]({ context, stack: rest.at(-2) }, text);
    }
  }
}
