import { expect, test } from 'vitest';
import { z } from 'zod';
import { SchemaPipe } from '../../src/http/schema.pipe.ts';

const schema = z.strictObject({
  'a/b': z.string('must be a string'),
  list: z.array(z.int('must be whole')),
});
const pipe = new SchemaPipe();

test('what has the right form is handed on as its schema makes it', async () => {
  const trimmed = z.string().trim();
  expect(await pipe.transform(' x ', { type: 'body', schema: trimmed })).toBe('x');
});

test('what has no schema is handed on as it is', async () => {
  expect(await pipe.transform(' x ', { type: 'body' })).toBe(' x ');
  expect(await pipe.transform(' x ', { type: 'custom', schema })).toBe(' x ');
});

test.for(['body', 'query'] as const)(
  'every fault of a %s is named by a JSON Pointer',
  async (type) => {
    const value = JSON.parse('{"a/b":1,"list":[1,"x"],"c~d":1,"__proto__":1}');
    await expect(pipe.transform(value, { type, schema })).rejects.toMatchObject({
      status: 422,
      faults: [
        { pointer: `/${type}/a~1b`, detail: 'must be a string' },
        { pointer: `/${type}/list/1`, detail: 'must be whole' },
        { pointer: `/${type}/c~0d`, detail: 'is not known' },
        { pointer: `/${type}/__proto__`, detail: 'is not known' },
      ],
    });
  },
);

test('a part of the path that cannot be right names nothing', async () => {
  await expect(pipe.transform('x', { type: 'param', schema: z.uuid() })).rejects.toMatchObject({
    status: 404,
  });
});
