import { describe, expect, test } from 'vitest';
import { listQuery, newNote, noteChange } from '../../src/notes/schema.ts';

const complaints = (
  schema: typeof newNote | typeof noteChange | typeof listQuery,
  value: unknown,
) =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

describe('a new note', () => {
  test('is trimmed around its title, and has a body', () => {
    expect(newNote.parse({ title: ' \n\u3000Milk\t' })).toEqual({ title: 'Milk', body: '' });
    expect(newNote.parse({ title: 'x', body: ' x ' })).toEqual({ title: 'x', body: ' x ' });
  });

  test('is measured in characters, after trimming', () => {
    const title = `  ${'😀'.repeat(200)}  `;
    const body = '😀'.repeat(10_000);
    expect(newNote.parse({ title, body })).toEqual({ title: title.trim(), body });
    expect(complaints(newNote, { title: 'x'.repeat(201), body: 'x'.repeat(10_001) })).toEqual([
      'title must have at most 200 characters',
      'body must have at most 10000 characters',
    ]);
  });

  test.for(['', '   ', '\n'])('has a title that is more than %j', (title) => {
    expect(complaints(newNote, { title })).toEqual(['title must not be empty']);
  });

  test.for(['a\0b', '\ud800', 'a\udc00'])('holds only text that can be stored, not %j', (text) => {
    expect(complaints(newNote, { title: text, body: text })).toEqual([
      'title must not contain U+0000 or a lone surrogate',
      'body must not contain U+0000 or a lone surrogate',
    ]);
  });

  test.for([null, 3, [], {}])('has strings, not %j', (value) => {
    expect(complaints(newNote, { title: value, body: value })).toEqual([
      'title must be a string',
      'body must be a string',
    ]);
  });

  test('has no other members', () => {
    expect(newNote.safeParse({ title: 'x', id: 1 }).success).toBe(false);
    expect(newNote.safeParse(JSON.parse('{"title":"x","__proto__":{}}')).success).toBe(false);
  });
});

test('a change names at least one thing', () => {
  expect(complaints(noteChange, {})).toEqual([' must name something to change']);
  expect(noteChange.parse({ body: '' })).toEqual({ body: '' });
});

describe('the query of a list', () => {
  test('asks for 20 unless it says otherwise', () => {
    expect(listQuery.parse({})).toEqual({ limit: 20 });
    expect(listQuery.parse({ limit: '100' })).toEqual({ limit: 100 });
  });

  test.for(['0', '101', '-1', '1.5', '', ' 5', '1e1', 'x', ['1', '2']])(
    'has no limit %j',
    (limit) => {
      expect(listQuery.safeParse({ limit }).success).toBe(false);
    },
  );

  test.for(['', 'x', 'f'.repeat(45), 'F'.repeat(46), ['f'.repeat(46)]])(
    'has no cursor %j',
    (cursor) => {
      expect(listQuery.safeParse({ cursor }).success).toBe(false);
    },
  );
});
