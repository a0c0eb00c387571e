import { PassThrough } from 'node:stream';
import fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { requestTimeout } from '../../src/http/request-timeout.ts';

test('an answer that has begun in time may take as long as it likes', async () => {
  const app = fastify();
  await app.register(requestTimeout, { milliseconds: 100 });
  app.get('/', async (_request, reply) => {
    const stream = new PassThrough();
    stream.write('begin, ');
    setTimeout(() => stream.end('end'), 300);
    return reply.send(stream);
  });
  onTestFinished(() => app.close());
  const response = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }));
  expect(await response.text()).toBe('begin, end');
});
