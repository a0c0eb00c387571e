import { STATUS_CODES } from 'node:http';
import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

const REQUEST_ID = {
  'X-Request-Id': {
    description: "The caller's own X-Request-Id when it is a sane one, else a new one.",
    schema: { type: 'string' },
  },
} as const;

const problem = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().meta({ description: 'A JSON Pointer into {body, query}.' }),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

type Headers = Record<string, { description: string; schema: { type: 'string' } }>;

/** A good answer with a JSON body, or with none. */
export function answer(
  description: string,
  schema?: z.ZodType,
  headers: Headers = {},
): ResponseConfig {
  return {
    description,
    headers: { ...REQUEST_ID, ...headers },
    ...(schema && { content: { 'application/json': { schema } } }),
  };
}

/** The problems that a request can end with. */
export function problems(...statuses: number[]): Record<number, ResponseConfig> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: STATUS_CODES[status] ?? '',
        headers: REQUEST_ID,
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

/** The OpenAPI document of everything that the given parts describe. */
export function createOpenApi(...describe: ((registry: OpenAPIRegistry) => void)[]): object {
  const registry = new OpenAPIRegistry();
  for (const part of describe) {
    part(registry);
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1.0.0' },
  });
}
