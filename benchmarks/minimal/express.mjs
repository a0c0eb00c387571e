// The yardstick for the generated Express service: the same two routes, table and pool, and nothing else.
// It is run from the generated project's folder, on the same versions.
import { desc, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import express from 'express';
import pg from 'pg';
import { z } from 'zod';

const { DATABASE_POOL_SIZE, DATABASE_URL, HOST, PORT } = process.env;

const instant = (name) => timestamp(name, { withTimezone: true }).notNull().defaultNow();

const notes = pgTable('notes', {
  id: uuid().primaryKey().defaultRandom(),
  title: text().notNull(),
  body: text().notNull(),
  created_at: instant('created_at'),
  updated_at: instant('updated_at'),
});

const newNote = z.strictObject({
  title: z.string().trim().min(1).max(200),
  body: z.string().max(10_000).default(''),
});

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().regex(/^[^_]+_[0-9a-f-]{36}$/).optional(),
});

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_SIZE) });
const db = drizzle({ client: pool });

function olderThan(cursor) {
  const [createdAt, id] = cursor.split('_');
  return sql`(${notes.created_at}, ${notes.id}) < (${createdAt}::timestamptz, ${id}::uuid)`;
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');

app.get('/livez', (_request, response) => {
  response.json({ status: 'ok' });
});

app.get('/api/notes', async (request, response) => {
  const { limit, cursor } = listQuery.parse(request.query);
  const rows = await db
    .select()
    .from(notes)
    .where(cursor && olderThan(cursor))
    .orderBy(desc(notes.created_at), desc(notes.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const next_cursor = last ? `${last.created_at.toISOString()}_${last.id}` : null;
  response.json({ items, next_cursor });
});

app.post('/api/notes', express.json(), async (request, response) => {
  const [note] = await db.insert(notes).values(newNote.parse(request.body)).returning();
  response.status(201).location(`/api/notes/${note.id}`).json(note);
});

app.use((error, _request, response, _next) => {
  const status = error instanceof z.ZodError ? 422 : (error.status ?? 500);
  response.status(status).json({ detail: error.issues ?? error.message });
});

app.listen(PORT, HOST);
