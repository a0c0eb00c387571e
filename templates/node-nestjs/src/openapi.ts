import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiResponse, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

type Headers = Record<string, { description: string; schema: { type: 'string' } }>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const REQUEST_ID: Headers = {
  'X-Request-Id': {
    description: "The caller's own X-Request-Id when it is a sane one, else a new one.",
    schema: { type: 'string' },
  },
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

/** A good answer of a handler, with a JSON body or with none. */
export function Answers(
  status: number,
  description: string,
  standardSchema?: z.ZodType,
  headers: Headers = {},
): MethodDecorator {
  return ApiResponse({
    status,
    description,
    headers: { ...REQUEST_ID, ...headers },
    ...(standardSchema && { standardSchema }),
  });
}

/** The problems that a handler can end with, besides those of every handler. */
export function Fails(...statuses: number[]): MethodDecorator {
  return applyDecorators(...statuses.map((status) => ApiResponse(describeProblem(status))));
}

function describeProblem(status: number) {
  const schema = { $ref: '#/components/schemas/Problem' };
  return {
    status,
    description: STATUS_CODES[status] ?? '',
    headers: REQUEST_ID,
    content: { 'application/problem+json': { schema } },
  };
}

/** OpenAPI 3.1 of what the controllers say of themselves. */
export function createDocument(app: NestExpressApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Notes')
    .setVersion('1.0.0')
    .addGlobalResponse(describeProblem(500), describeProblem(503))
    .build();
  const schemas = toJsonSchema(problem, 'output').components;
  return SwaggerModule.createDocument(
    app,
    { ...base, components: { schemas } },
    {
      autoTagControllers: false,
      // Nest asks for the JSON Schema of OpenAPI 3.0, which knows no type `null`.
      standardSchemaConverter: (schema, { schemaType }) =>
        toJsonSchema(schema as z.ZodType, schemaType),
    },
  );
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io });
  return { schema: rest, components: ($defs ?? {}) as Schemas };
}
