import type { z } from 'zod';
import { type Fault, Problem } from '../errors.ts';

/** The parsed value, or a 422 that names every fault. */
export function validate<S extends z.ZodType>(
  schema: S,
  part: 'body' | 'query',
  value: unknown,
): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) {
    const faults = result.error.issues.flatMap((issue) => toFaults(part, issue));
    throw new Problem(422, `The ${part} does not have the form that is asked for.`, { faults });
  }
  return result.data;
}

function toFaults(part: string, issue: z.core.$ZodIssue): Fault[] {
  const path = [part, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointer([...path, key]), detail: 'is not known' }));
  }
  return [{ pointer: pointer(path), detail: issue.message }];
}

/** RFC 6901. */
function pointer(path: PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
