import { DrizzleQueryError } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';
import { NestLog } from '../src/nest-log.ts';

function logOne(write: (log: NestLog) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(new NestLog(createLog('debug', { write: (line) => lines.push(line) })));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

test.for([
  ['fatal', 'fatal'],
  ['error', 'error'],
  ['warn', 'warn'],
  ['log', 'info'],
  ['debug', 'debug'],
  ['verbose', 'debug'],
] as const)('what Nest says by %s has the level %s', ([method, level]) => {
  const line = logOne((log) => log[method]('hello', 'NestApplication'));
  expect(line).toMatchObject({ level, msg: 'hello', context: 'NestApplication' });
});

test('an error keeps its stack, and the name of who logged it', () => {
  const line = logOne((log) => log.error(new Error('failed'), 'WsAdapter'));
  expect(line).toMatchObject({
    msg: 'failed',
    context: 'WsAdapter',
    err: { message: 'failed', stack: expect.stringContaining('nest-log.test.ts') },
  });
});

test('a stack that comes with a message is kept', () => {
  const line = logOne((log) => log.error('failed', 'Error: failed\n    at x', 'Injector'));
  expect(line).toMatchObject({
    msg: 'failed',
    stack: 'Error: failed\n    at x',
    context: 'Injector',
  });
});

test('a message may be anything', () => {
  expect(logOne((log) => log.log({ answer: 42 }, 'Service'))).toMatchObject({
    msg: '{ answer: 42 }',
  });
});

test('an error that comes with a message is logged as an error, without the data it carries', () => {
  const error = new DrizzleQueryError('SELECT $1', ['hunter2'], new Error('boom'));
  const first = logOne((log) => log.error('failed', error, 'Service'));
  expect(first).toMatchObject({
    msg: 'failed',
    context: 'Service',
    err: { message: 'boom', query: 'SELECT $1', stack: expect.any(String) },
  });
  const second = logOne((log) => log.warn(new Error('failed'), error));
  expect(second).toMatchObject({ err: { message: 'failed' }, details: { message: 'boom' } });
  expect(JSON.stringify([first, second])).not.toContain('hunter2');
});

test('whatever else comes with a message are its details', () => {
  const one = logOne((log) => log.log('seen', { id: 1 }, 'Service'));
  expect(one).toMatchObject({ msg: 'seen', details: { id: 1 }, context: 'Service' });
  const two = logOne((log) => log.warn('seen', 'once', { id: 1 }, 'Service'));
  expect(two).toMatchObject({ details: ['once', { id: 1 }], context: 'Service' });
  expect(two).not.toHaveProperty('stack');
});
