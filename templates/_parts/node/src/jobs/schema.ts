import { z } from 'zod';

/** A day in UTC, such as 2026-11-23; PostgreSQL has no year 0. */
const day = z.iso
  .date('must be a day, such as 2026-11-23')
  .refine((text) => !text.startsWith('0000'), 'must be a day, such as 2026-11-23')
  .meta({ format: 'date', example: '2026-11-23' });

export const digest = z.strictObject({ day }, 'must be an object').meta({ id: 'Digest' });

export type Digest = z.output<typeof digest>;
