import { DrizzleQueryError } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createLog, type Logger, requestIds } from '../src/log.ts';

function logOne(write: (log: Logger) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLog('info', { write: (line) => lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

test('a line is one JSON object with the time and the name of the level', () => {
  const line = logOne((log) => log.info({ answer: 42 }, 'hello\nworld'));
  expect(line).toMatchObject({ level: 'info', msg: 'hello\nworld', answer: 42 });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test('a line written on behalf of a request has its id', () => {
  expect(logOne((log) => requestIds.run('abc', () => log.info('x')))).toHaveProperty(
    'request_id',
    'abc',
  );
});

test('a line outside of any request has no id', () => {
  expect(logOne((log) => log.info('x'))).not.toHaveProperty('request_id');
});

test('a secret is left out, also one level down', () => {
  const line = logOne((log) =>
    log.info({ password: 'hunter2', headers: { cookie: 'hunter2' } }, 'x'),
  );
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

test('an error keeps its cause and its code', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', password: 'hunter2' });
  const line = logOne((log) => log.error({ err: new TypeError('failed', { cause }) }, 'x'));
  expect(line.err).toMatchObject({
    type: 'TypeError',
    message: 'failed',
    stack: expect.stringContaining('log.test.ts'),
    cause: { message: 'refused', code: 'ECONNREFUSED' },
  });
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

test('a failed query is logged without its parameters', () => {
  const err = new DrizzleQueryError('select $1', ['hunter2'], new Error('no such table'));
  const line = logOne((log) => log.error({ err }, 'x'));
  expect(line.err).toMatchObject({ message: 'no such table', query: 'select $1' });
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

test('whatever is thrown can be logged', () => {
  expect(logOne((log) => log.error({ err: 'a string' }, 'x'))).toHaveProperty(
    'err.message',
    'a string',
  );
});
