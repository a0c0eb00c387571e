import { z } from 'zod';
import { CURSOR_PATTERN } from './cursor.ts';

/** Text that PostgreSQL can store, its length counted in characters and not in UTF-16 units. */
const text = (min: number, max: number) =>
  z.string('must be a string').check(({ value, issues }) => {
    const refuse = (message: string) => issues.push({ code: 'custom', input: value, message });
    if (value.length < min) {
      refuse('must not be empty');
    }
    if (value.length > max && Array.from(value).length > max) {
      refuse(`must have at most ${max} characters`);
    }
    if (value.includes('\0') || !value.isWellFormed()) {
      refuse('must not contain U+0000 or a lone surrogate');
    }
  });

const title = z.string('must be a string').trim().pipe(text(1, 200)).meta({
  description: 'White space at both ends is cut off.',
  maxLength: 200,
  pattern: '^[^\\u0000]*[^\\s\\ufeff\\u0000][^\\u0000]*$',
  example: 'Milk',
});

const body = text(0, 10_000).meta({
  maxLength: 10_000,
  pattern: '^[^\\u0000]*$',
  example: 'Two litres, please.',
});

export const newNote = z
  .strictObject({ title, body: body.default('') }, 'must be an object')
  .meta({ id: 'NewNote' });

export const noteChange = z
  .strictObject({ title: title.optional(), body: body.optional() }, 'must be an object')
  .refine((change) => Object.keys(change).length > 0, 'must name something to change')
  .meta({ id: 'NoteChange', minProperties: 1 });

export const noteId = z.uuid();

export const listQuery = z.object({
  limit: z
    .string('must be given once')
    .regex(/^(?:[1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .default(20)
    .meta({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  cursor: z
    .string('must be given once')
    .regex(CURSOR_PATTERN, 'must be the next_cursor of an earlier answer')
    .optional()
    .meta({ description: '`next_cursor` of the page before.' }),
});

export const note = z
  .strictObject({
    id: z.uuid(),
    title: z.string(),
    body: z.string(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Note' });

export const notePage = z
  .strictObject({ items: z.array(note), next_cursor: z.string().nullable() })
  .meta({ id: 'NotePage' });

export type NewNote = z.output<typeof newNote>;
export type NoteChange = z.output<typeof noteChange>;
export type ListQuery = z.output<typeof listQuery>;
export type Note = z.output<typeof note>;
export type NotePage = z.output<typeof notePage>;
