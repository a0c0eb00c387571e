import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { describeError, type Logger } from './log.ts';

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug';

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

  /**
   * What follows a message ends with the name of the class that speaks. Before it may come an error, the text of
   * a stack, or whatever else somebody found worth telling.
   */
  #write(level: Level, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    const given = (context ? rest.slice(0, -1) : rest).filter((part) => part !== undefined);
    const [err] = [message, ...given].filter((part) => part instanceof Error);
    const [stack] = level === 'error' || level === 'fatal' ? given.filter(isText) : [];
    const others = given.filter((part) => part !== err && part !== stack).map(withoutData);
    const details = others.length > 1 ? others : others[0];
    const text = message instanceof Error ? message.message : message;
    this.#log[level]({ context, err, stack, details }, isText(text) ? text : inspect(text));
  }
}

function isText(part: unknown): part is string {
  return typeof part === 'string';
}

/** A driver's error carries the row and the parameters. */
function withoutData(part: unknown): unknown {
  return part instanceof Error ? describeError(part) : part;
}
