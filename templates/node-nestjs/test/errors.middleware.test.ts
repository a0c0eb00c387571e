import { Controller, Get } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { expect, onTestFinished, test } from 'vitest';
import { LOG } from '../src/core.module.ts';
import { ProblemFilter } from '../src/errors.ts';
import { createLog } from '../src/log.ts';

/** What becomes of what somebody else's code throws. */
async function answerTo(error: Error): Promise<Response> {
  @Controller()
  class Thrower {
    @Get()
    get(): never {
      throw error;
    }
  }

  const log = createLog('error', { write: () => {} });
  const module = await Test.createTestingModule({
    controllers: [Thrower],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: LOG, useValue: log },
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>();
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());
  return fetch(await app.getUrl());
}

test('an error that is meant for the caller keeps its status and its message', async () => {
  const error = Object.assign(new Error('Slow down.'), { status: 429, expose: true });
  const response = await answerTo(error);
  expect(response.status).toBe(429);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({
    title: 'Too Many Requests',
    detail: 'Slow down.',
  });
});

test.for([
  ['of another service that was asked', { status: 404 }],
  ['that is not to be shown', { status: 404, expose: false }],
  ['of the server', { status: 501, expose: true }],
] as const)('an error %s is a 500 that tells nothing', async ([, properties]) => {
  const response = await answerTo(Object.assign(new Error('secret'), properties));
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
});
