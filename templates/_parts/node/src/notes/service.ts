import { desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { ListQuery, NewNote, Note, NoteChange, NotePage } from './schema.ts';
import { notes } from './table.ts';

export type NotesService = ReturnType<typeof createNotesService>;

/** What can be done with notes. Knows the database, and nothing of HTTP. */
export function createNotesService(db: Database) {
  // Prepared: the text of the query is made once, and PostgreSQL plans it once for each connection.
  const insert = db
    .insert(notes)
    .values({ title: sql.placeholder('title'), body: sql.placeholder('body') })
    .returning()
    .prepare('notes_insert');

  const page = (name: string, where?: SQL) =>
    db
      .select()
      .from(notes)
      .where(where)
      .orderBy(desc(notes.createdAt), desc(notes.id))
      .limit(sql.placeholder('limit'))
      .prepare(name);
  const firstPage = page('notes_first_page');
  const nextPage = page(
    'notes_next_page',
    sql`(${notes.createdAt}, ${notes.id}) < (${sql.placeholder('createdAt')}::timestamptz, ${sql.placeholder('id')}::uuid)`,
  );

  return {
    async create(input: NewNote): Promise<Note> {
      const [row] = await insert.execute(input);
      return toNote(row as NoteRow);
    },

    async list({ limit, cursor }: ListQuery): Promise<NotePage> {
      // One more than asked for tells whether there is a next page.
      const rows = await (cursor === undefined
        ? firstPage.execute({ limit: limit + 1 })
        : nextPage.execute({ limit: limit + 1, ...decodeCursor(cursor) }));
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      return { items: items.map(toNote), next_cursor: last ? encodeCursor(last) : null };
    },

    async find(id: string): Promise<Note | undefined> {
      const [row] = await db.select().from(notes).where(eq(notes.id, id));
      return row && toNote(row);
    },

    async change(id: string, change: NoteChange): Promise<Note | undefined> {
      const [row] = await db
        .update(notes)
        .set({ ...change, updatedAt: sql`now()` })
        .where(eq(notes.id, id))
        .returning();
      return row && toNote(row);
    },

    /** The note as it was. */
    async remove(id: string): Promise<Note | undefined> {
      const [row] = await db.delete(notes).where(eq(notes.id, id)).returning();
      return row && toNote(row);
    },
  };
}

type NoteRow = typeof notes.$inferSelect;

export function toNote({ id, title, body, createdAt, updatedAt }: NoteRow): Note {
  return { id, title, body, created_at: createdAt, updated_at: updatedAt };
}
