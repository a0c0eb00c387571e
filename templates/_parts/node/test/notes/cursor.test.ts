import { expect, test } from 'vitest';
import { CURSOR_PATTERN, decodeCursor, encodeCursor } from '../../src/notes/cursor.ts';

const id = '0190a5d2-7b1c-4c5e-9f00-123456789abc';

test.for([
  ['2026-11-23T15:10:04.796973Z', '2026-11-23T15:10:04.796973Z'],
  ['2026-11-23T15:10:04.5Z', '2026-11-23T15:10:04.500000Z'],
  ['2026-11-23T15:10:04Z', '2026-11-23T15:10:04.000000Z'],
  ['1970-01-01T00:00:00.000001Z', '1970-01-01T00:00:00.000001Z'],
] as const)('the cursor of %s leads back to it, to the microsecond', ([createdAt, back]) => {
  const cursor = encodeCursor({ createdAt, id });
  expect(cursor).toMatch(CURSOR_PATTERN);
  expect(decodeCursor(cursor)).toEqual({ createdAt: back, id: id.replaceAll('-', '') });
});

test.for(['0', 'f'])('a cursor of nothing but %s is a place as well', (digit) => {
  const { createdAt } = decodeCursor(digit.repeat(46));
  expect(Date.parse(createdAt)).not.toBeNaN();
});
