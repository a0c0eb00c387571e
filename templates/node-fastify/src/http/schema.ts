import fastJson from 'fast-json-stringify';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import { z } from 'zod';
import { nothingHere } from '../errors.ts';
import { validate } from './validate.ts';

/** Checks what comes in. A path whose parameters have the wrong form names nothing. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (value) => {
    if (httpPart === 'params') {
      const { success, data } = schema.safeParse(value);
      return success ? { value: data } : { error: nothingHere() };
    }
    try {
      return { value: validate(schema, httpPart === 'body' ? 'body' : 'query', value) };
    } catch (error) {
      return { error: error as Error };
    }
  };

/** Writes what goes out: what its schema does not name stays here. */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> = ({ schema }) =>
  fastJson(z.toJSONSchema(schema, { unrepresentable: 'any' }) as fastJson.Schema);
