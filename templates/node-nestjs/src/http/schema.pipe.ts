import {
  type ArgumentMetadata,
  type Paramtype,
  type PipeTransform,
  StandardSchemaValidationPipe,
  type StandardSchemaValidationPipeOptions,
} from '@nestjs/common';
import type { z } from 'zod';
import { type Fault, Problem } from '../errors.ts';

type Complain = NonNullable<StandardSchemaValidationPipeOptions['exceptionFactory']>;

class PartPipe extends StandardSchemaValidationPipe {
  constructor(complain: Complain) {
    super({ exceptionFactory: complain });
  }

  /** `__proto__` is refused like any other member that is not known. */
  protected override stripProtoKeys(): void {}
}

const PIPES: Record<Paramtype, PipeTransform> = {
  body: new PartPipe((issues) => invalid('body', issues as z.core.$ZodIssue[])),
  query: new PartPipe((issues) => invalid('query', issues as z.core.$ZodIssue[])),
  // What cannot be an id names nothing.
  param: new PartPipe(() => new Problem(404, 'There is nothing here.')),
  custom: new StandardSchemaValidationPipe(),
};

/** Hands on what a handler takes as its schema makes it: `@Body({ schema })`, `@Query({ schema })`. */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    return PIPES[metadata.type].transform(value, metadata);
  }
}

/** A 422 that names every fault. */
function invalid(part: 'body' | 'query', issues: readonly z.core.$ZodIssue[]): Problem {
  const faults = issues.flatMap((issue) => toFaults(part, issue));
  return new Problem(422, `The ${part} does not have the form that is asked for.`, { faults });
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
