import { inArray } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { toNote } from '../notes/notes.service.ts';
import type { Note } from '../notes/schema.ts';
import { notes } from '../notes/table.ts';
import type { Change } from './change-listener.ts';
import type { Clients } from './clients.ts';

/** How many changes are looked up at once, when they come faster than the database answers. */
const BATCH = 100;

const TYPES = { INSERT: 'note.created', UPDATE: 'note.updated', DELETE: 'note.deleted' } as const;

/** Turns changes into messages, in their order. */
export class Feed {
  readonly #database: Database;
  readonly #clients: Clients;
  readonly #log: Logger;
  #changes: Change[] = [];
  #isBusy = false;

  constructor(database: Database, clients: Clients, log: Logger) {
    this.#database = database;
    this.#clients = clients;
    this.#log = log;
  }

  push(change: Change): void {
    if (this.#clients.isEmpty) {
      return;
    }
    this.#changes.push(change);
    if (!this.#isBusy) {
      void this.#tellAll();
    }
  }

  /** What has not been told yet is told to nobody: everyone has to start anew. */
  forget(): void {
    this.#changes = [];
  }

  async #tellAll(): Promise<void> {
    this.#isBusy = true;
    try {
      while (this.#changes.length > 0) {
        await this.#tell(this.#changes);
      }
    } catch (err) {
      this.#log.error({ err }, 'changes could not be looked up');
      this.forget();
      this.#clients.restart();
    } finally {
      this.#isBusy = false;
    }
  }

  async #tell(queue: Change[]): Promise<void> {
    const changes = queue.splice(0, BATCH);
    const found = await this.#find(changes.filter(({ row }) => row === undefined));
    if (queue !== this.#changes) {
      return; // forgotten meanwhile
    }
    for (const { op, id, row } of changes) {
      // Not told and not found: gone already, and what tells of its end comes next.
      const note = op === 'DELETE' ? { id } : row ? fromRow(row) : found.get(id);
      if (note) {
        this.#clients.broadcast({ type: TYPES[op], note });
      }
    }
  }

  async #find(changes: Change[]): Promise<Map<string, Note>> {
    const ids = changes.map(({ id }) => id);
    if (ids.length === 0) {
      return new Map();
    }
    const rows = await this.#database.select().from(notes).where(inArray(notes.id, ids));
    return new Map(rows.map((row) => [row.id, toNote(row)]));
  }
}

/** A row as JSON has its times with the offset of UTC written out. */
function fromRow({ id, title, body, created_at, updated_at }: NonNullable<Change['row']>): Note {
  const instant = (text: string) => text.replace('+00:00', 'Z');
  return toNote({
    id,
    title,
    body,
    createdAt: instant(created_at),
    updatedAt: instant(updated_at),
  });
}
