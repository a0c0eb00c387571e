import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

const REQUEST_ID = {
  'X-Request-Id': {
    description: "The caller's own X-Request-Id when it is a sane one, else a new one.",
    schema: { type: 'string' },
  },
};
const LOCATION = {
  Location: { description: 'The path of what was made.', schema: { type: 'string' } },
};

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

/** A good answer with a JSON body. */
export function answer<S extends z.ZodType>(description: string, schema: S) {
  return { description, content: { 'application/json': { schema } } };
}

/** The problems that a request can end with. */
export function problems(...statuses: number[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: STATUS_CODES[status],
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

/** `app.swagger()`: the OpenAPI document of every route that comes after. */
export const openApi = fp(async (app: FastifyInstance) => {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Notes', version: '1.0.0' } },
    transform: jsonSchemaTransform,
    transformObject: (source) => {
      const document = jsonSchemaTransformObject(source) as Document;
      documentHeaders(document);
      dropUnused(document);
      return document;
    },
  });
});

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { headers?: object }> }>>;
  components: { schemas: Record<string, object> };
}

/** What an answer of a certain status carries, whatever the route. */
function documentHeaders({ paths }: Document): void {
  for (const { responses } of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(responses)) {
      response.headers = { ...REQUEST_ID, ...(status === '201' && LOCATION) };
    }
  }
}

/** Every schema that has an id comes in two forms, as it is sent and as it is received. */
function dropUnused({ paths, components }: Document): void {
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, id = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (!used.has(id)) {
        used.add(id);
        visit(components.schemas[id]);
      }
    }
  };
  visit(paths);
  components.schemas = Object.fromEntries(
    Object.entries(components.schemas).filter(([id]) => used.has(id)),
  );
}
