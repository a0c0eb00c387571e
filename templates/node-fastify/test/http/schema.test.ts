import fastify from 'fastify';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { errors } from '../../src/errors.ts';
import { serializerCompiler, validatorCompiler } from '../../src/http/schema.ts';

const app = fastify();
await app.register(errors);
app.setValidatorCompiler(validatorCompiler);
app.setSerializerCompiler(serializerCompiler);
app.get(
  '/users/:id',
  {
    schema: {
      params: z.object({ id: z.uuid() }),
      querystring: z.strictObject({ page: z.coerce.number('must be a number').default(1) }),
      response: { 200: z.strictObject({ name: z.string(), page: z.int() }) },
    },
  },
  async ({ query }) => ({ name: 'Ada', password: 'hunter2', ...(query as object) }),
);

const ID = '00000000-0000-4000-8000-000000000000';

test('what a schema does not name is not sent', async () => {
  const response = await app.inject(`/users/${ID}`);
  expect(response.json()).toEqual({ name: 'Ada', page: 1 });
});

test('a handler gets what the schema made of the request', async () => {
  expect((await app.inject(`/users/${ID}?page=2`)).json()).toEqual({ name: 'Ada', page: 2 });
});

test('a query of another form is a 422 that names the faults', async () => {
  const response = await app.inject(`/users/${ID}?page=x&size=1`);
  expect(response.statusCode).toBe(422);
  expect(response.json()).toMatchObject({
    errors: [
      { pointer: '/query/page', detail: 'must be a number' },
      { pointer: '/query/size', detail: 'is not known' },
    ],
  });
});

test('a path whose parameters have another form is a 404', async () => {
  expect((await app.inject('/users/1')).statusCode).toBe(404);
});
