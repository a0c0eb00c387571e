import { Controller, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { FileInterceptor, type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { expect, onTestFinished, test } from 'vitest';
import { CONFIG, LOG } from '../../src/core.module.ts';
import { ProblemFilter } from '../../src/errors.ts';
import { JsonBodyInterceptor, OwnBody } from '../../src/http/json-body.interceptor.ts';
import { createLog } from '../../src/log.ts';

@Controller()
class Uploads {
  @Post('own')
  @OwnBody()
  @UseInterceptors(FileInterceptor('file'))
  own(@UploadedFile() file: { size: number }): number {
    return file.size;
  }

  @Post('json')
  json(): void {}
}

test('an upload reaches the handler that reads its body itself, and no other', async () => {
  const module = await Test.createTestingModule({
    controllers: [Uploads],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_INTERCEPTOR, useClass: JsonBodyInterceptor },
      { provide: CONFIG, useValue: { BODY_LIMIT_BYTES: 1000 } },
      { provide: LOG, useValue: createLog('error', { write: () => {} }) },
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false });
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());

  const url = await app.getUrl();
  const form = new FormData();
  form.set('file', new Blob(['x'.repeat(100)]));
  const response = await fetch(`${url}/own`, { method: 'POST', body: form });
  expect([response.status, await response.text()]).toEqual([201, '100']);
  expect((await fetch(`${url}/json`, { method: 'POST', body: form })).status).toBe(415);
});
