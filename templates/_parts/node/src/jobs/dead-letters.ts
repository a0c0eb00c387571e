import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { DEAD_LETTERS } from './connect.ts';
import type { Envelope } from './queue.ts';

/** A job that has failed for good. */
export interface DeadLetter {
  id: string;
  job: string | null;
  failedAt: Date;
  attempts: number;
  payload: unknown;
  error: string;
}

type Retry = 'sent' | 'no such dead letter' | 'not sent: an equal job is waiting';

/** The most that pg-boss gives at once: the next page would need this one's last letter to be there still. */
const LIMIT = 100_000;

/** The oldest first. */
export async function listDeadLetters(boss: PgBoss): Promise<DeadLetter[]> {
  const letters = await boss.findJobs<Envelope>(DEAD_LETTERS, { limit: LIMIT });
  return letters.map(toDeadLetter);
}

/** Has one tried again, as the job that it was, with all its attempts before it; says what came of it. */
export async function retryDeadLetter(boss: PgBoss, id: string): Promise<Retry> {
  const isId = z.guid().safeParse(id).success;
  const [letter] = isId ? await boss.findJobs<Envelope>(DEAD_LETTERS, { id }) : [];
  if (letter === undefined) {
    return 'no such dead letter';
  }
  // One that could not be sent before counts as failed here too.
  await boss.retry(DEAD_LETTERS, id);
  // pg-boss keeps the id of the first job, but not its time.
  const createdAt = letter.data.created_at ?? letter.sourceCreatedOn?.toISOString();
  await boss.update(DEAD_LETTERS, { ...letter.data, created_at: createdAt }, { id });
  const moved = await boss.redrive(DEAD_LETTERS, { ids: [id] });
  return moved > 0 ? 'sent' : 'not sent: an equal job is waiting';
}

function toDeadLetter(letter: JobWithMetadata<Envelope>): DeadLetter {
  return {
    id: letter.id,
    job: letter.sourceName,
    failedAt: letter.createdOn,
    attempts: (letter.sourceRetryCount ?? 0) + 1,
    payload: letter.data.payload,
    error: reason(letter.sourceOutput),
  };
}

const fault = z.object({ name: z.string().optional(), message: z.string() });

/** What the runner stores of an error; pg-boss, of a worker that was lost or stopped, puts it into `value`. */
const stored = z.union([
  fault,
  z.object({ value: fault }).transform(({ value }) => value),
  z.object({ value: z.string() }).transform(({ value }) => ({ name: undefined, message: value })),
]);

function reason(output: object | null): string {
  const { name, message } = stored.catch({ message: 'unknown' }).parse(output);
  return name === undefined ? message : `${name}: ${message}`;
}
