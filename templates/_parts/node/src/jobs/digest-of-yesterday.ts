import { z } from 'zod';
import { defineJob } from './job.ts';
import { sendDigest } from './write-digest.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every night: yesterday's digest. */
export const digestOfYesterday = defineJob({
  name: 'digest-of-yesterday',
  cron: '5 0 * * *',
  payload: z.strictObject({}),
  async run(_payload, { database, queue, createdAt }) {
    const yesterday = new Date(createdAt.getTime() - DAY_MS).toISOString().slice(0, 10);
    await sendDigest(queue, database, yesterday);
  },
});
