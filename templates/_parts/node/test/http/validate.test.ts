import { expect, test } from 'vitest';
import { z } from 'zod';
import { validate } from '../../src/http/validate.ts';

const schema = z.strictObject({
  'a/b': z.string('must be a string'),
  list: z.array(z.int('must be whole')),
});

test('what has the right form is handed on', () => {
  const value = { 'a/b': 'x', list: [1] };
  expect(validate(schema, 'body', value)).toEqual(value);
});

test('every fault is named by a JSON Pointer', () => {
  const value = { 'a/b': 1, list: [1, 'x'], 'c~d': 1, e: 1 };
  expect(() => validate(schema, 'body', value)).toThrow(
    expect.objectContaining({
      status: 422,
      faults: [
        { pointer: '/body/a~1b', detail: 'must be a string' },
        { pointer: '/body/list/1', detail: 'must be whole' },
        { pointer: '/body/c~0d', detail: 'is not known' },
        { pointer: '/body/e', detail: 'is not known' },
      ],
    }),
  );
});
