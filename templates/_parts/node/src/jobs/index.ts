import { digestOfYesterday } from './digest-of-yesterday.ts';
import type { Job } from './job.ts';
import { writeDigest } from './write-digest.ts';

/** Every job there is. A new one has its queue after the next `npm run migrate`. */
export const jobs: readonly Job[] = [writeDigest, digestOfYesterday];
