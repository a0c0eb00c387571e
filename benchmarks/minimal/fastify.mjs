// The yardstick for the generated Fastify service: the same two routes, table and pool, and nothing else.
// It is run from the generated project's folder, on the same versions.
import { desc, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import fastify from 'fastify';
import pg from 'pg';

const { DATABASE_POOL_SIZE, DATABASE_URL, HOST, PORT } = process.env;

const instant = (name) => timestamp(name, { withTimezone: true }).notNull().defaultNow();

const notes = pgTable('notes', {
  id: uuid().primaryKey().defaultRandom(),
  title: text().notNull(),
  body: text().notNull(),
  created_at: instant('created_at'),
  updated_at: instant('updated_at'),
});

const newNote = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', pattern: '^\\s*\\S(.{0,198}\\S)?\\s*$' },
    body: { type: 'string', maxLength: 10_000, default: '' },
  },
};

const listQuery = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    cursor: { type: 'string', pattern: '^[^_]+_[0-9a-f-]{36}$' },
  },
};

const string = { type: 'string' };
const date = { type: 'string', format: 'date-time' };
const note = {
  type: 'object',
  properties: { id: string, title: string, body: string, created_at: date, updated_at: date },
};
const notePage = {
  type: 'object',
  properties: {
    items: { type: 'array', items: note },
    next_cursor: { type: ['string', 'null'] },
  },
};

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_SIZE) });
const db = drizzle({ client: pool });

function olderThan(cursor) {
  const [createdAt, id] = cursor.split('_');
  return sql`(${notes.created_at}, ${notes.id}) < (${createdAt}::timestamptz, ${id}::uuid)`;
}

const app = fastify({ ajv: { customOptions: { removeAdditional: false } } });

app.get('/livez', async () => ({ status: 'ok' }));

app.get(
  '/api/notes',
  { schema: { querystring: listQuery, response: { 200: notePage } } },
  async (request) => {
    const { limit, cursor } = request.query;
    const rows = await db
      .select()
      .from(notes)
      .where(cursor && olderThan(cursor))
      .orderBy(desc(notes.created_at), desc(notes.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next_cursor = last ? `${last.created_at.toISOString()}_${last.id}` : null;
    return { items, next_cursor };
  },
);

app.post(
  '/api/notes',
  { schema: { body: newNote, response: { 201: note } } },
  async (request, reply) => {
    const { title, body } = request.body;
    const [created] = await db.insert(notes).values({ title: title.trim(), body }).returning();
    return reply.code(201).header('location', `/api/notes/${created.id}`).send(created);
  },
);

await app.listen({ host: HOST, port: Number(PORT) });
