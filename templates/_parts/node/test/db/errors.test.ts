import { DrizzleQueryError } from 'drizzle-orm';
import pg from 'pg';
import { expect, test } from 'vitest';
import { isUnavailable } from '../../src/db/errors.ts';

const withCode = (error: Error, code: string) => Object.assign(error, { code });
const postgres = (code: string) => withCode(new pg.DatabaseError('x', 1, 'error'), code);

test.for([
  withCode(new Error('connect'), 'ECONNREFUSED'),
  withCode(new AggregateError([], ''), 'ECONNREFUSED'),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
  postgres('08006'),
  postgres('57P01'),
  postgres('57014'),
  postgres('53300'),
  new DrizzleQueryError('select 1', [], postgres('57P03')),
])('trying again later may help: %s', (error) => {
  expect(isUnavailable(error)).toBe(true);
});

test.for([
  new Error('x'),
  postgres('42P01'),
  postgres('23505'),
  postgres('28P01'),
  new DrizzleQueryError('select 1', [], postgres('22001')),
  'ECONNREFUSED',
  undefined,
])('trying again does not help: %s', (error) => {
  expect(isUnavailable(error)).toBe(false);
});
