import { z } from 'zod';
import { integer } from '../config.ts';

/** The variables of the client. */
export const mlClientSettings = {
  ML_URL: z
    .url({ protocol: /^https?$/, error: 'must look like http://host:port' })
    .default('http://127.0.0.1:8000'),
  ML_TIMEOUT_MS: integer(1, 3_600_000).default(3000),
};
