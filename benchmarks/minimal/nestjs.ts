// The yardstick for the generated NestJS service: the same two routes, table and pool, and nothing else.
// It is run from the generated project's folder, on the same versions, and compiled once, as it is loaded.
import 'reflect-metadata';
import {
  Body,
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  Query,
  Res,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { desc, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Response } from 'express';
import pg from 'pg';
import { z } from 'zod';

const { DATABASE_POOL_SIZE, DATABASE_URL, HOST, PORT } = process.env;

const instant = (name: string) => timestamp(name, { withTimezone: true }).notNull().defaultNow();

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

function olderThan(cursor: string) {
  const [createdAt, id] = cursor.split('_');
  return sql`(${notes.created_at}, ${notes.id}) < (${createdAt}::timestamptz, ${id}::uuid)`;
}

@Injectable()
class NotesService {
  readonly #db = drizzle({
    client: new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_SIZE) }),
  });

  async list({ limit, cursor }: z.output<typeof listQuery>) {
    const rows = await this.#db
      .select()
      .from(notes)
      .where(cursor === undefined ? undefined : olderThan(cursor))
      .orderBy(desc(notes.created_at), desc(notes.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, next_cursor: last ? `${last.created_at.toISOString()}_${last.id}` : null };
  }

  async create(note: z.output<typeof newNote>) {
    const [created] = await this.#db.insert(notes).values(note).returning();
    return created!;
  }
}

@Controller()
class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Get('livez')
  live() {
    return { status: 'ok' };
  }

  @Get('api/notes')
  list(@Query({ schema: listQuery }) query: z.output<typeof listQuery>) {
    return this.notes.list(query);
  }

  @Post('api/notes')
  async create(
    @Body({ schema: newNote }) note: z.output<typeof newNote>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const created = await this.notes.create(note);
    response.location(`/api/notes/${created.id}`);
    return created;
  }
}

@Module({ controllers: [NotesController], providers: [NotesService] })
class AppModule {}

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: false });
app.disable('x-powered-by');
app.disable('etag');
app.useGlobalPipes(new StandardSchemaValidationPipe({ errorHttpStatusCode: 422 }));
await app.listen(Number(PORT), HOST!);
