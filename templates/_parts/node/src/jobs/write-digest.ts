import { createHash } from 'node:crypto';
import { and, gte, lt, notLike, sql } from 'drizzle-orm';
import { notes } from '../notes/table.ts';
import { defineJob } from './job.ts';
import type { Executor, Queue } from './queue.ts';
import { digest } from './schema.ts';

const TITLE = 'Digest of';

/** Writes a note that tells how many notes came on a day. Done twice, it is the same note. */
export const writeDigest = defineJob({
  name: 'write-digest',
  payload: digest,
  policy: 'exclusive',
  async run({ day }, { database }) {
    const came = await database.$count(
      notes,
      and(
        gte(notes.createdAt, sql`${day}::date`),
        lt(notes.createdAt, sql`${day}::date + 1`),
        notLike(notes.title, `${TITLE} %`),
      ),
    );
    const title = `${TITLE} ${day}`;
    const body = `Notes that came: ${came}`;
    await database
      .insert(notes)
      .values({ id: idOf(title), title, body })
      .onConflictDoUpdate({ target: notes.id, set: { body, updatedAt: sql`now()` } });
  },
});

/** Has the digest of a day written, unless that is about to be done. */
export function sendDigest(queue: Queue, executor: Executor, day: string): Promise<string | null> {
  return queue.send(executor, writeDigest, { day }, { singletonKey: day });
}

/** The same id for the same name: a UUID of version 8. */
function idOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}
