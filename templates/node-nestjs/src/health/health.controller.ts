import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DATABASE } from '../db/database.module.ts';
import type { Database } from '../db/database.ts';
import { isBehind } from '../db/migrations.ts';
import { Problem } from '../errors.ts';
import { Lifecycle } from '../lifecycle.ts';
import { Answers } from '../openapi.ts';

const DATABASE_PATIENCE_MS = 2000;

/** `/livez`: the process answers. `/readyz`: send it requests. */
@Controller()
@ApiTags('health')
export class HealthController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Get('livez')
  @ApiOperation({ operationId: 'livez', summary: 'Whether the process answers' })
  @Answers(200, 'It does.', z.strictObject({ status: z.literal('ok') }))
  live() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ operationId: 'readyz', summary: 'Whether the service wants requests' })
  @Answers(200, 'It does.', z.strictObject({ status: z.literal('ready') }))
  async ready() {
    if (this.lifecycle.phase !== 'serving') {
      throw new Problem(503, 'The service is shutting down.');
    }
    const check = Promise.race([isBehind(this.database.$client), impatience()]);
    const behind = await check.catch((cause) => {
      throw new Problem(503, 'The database does not answer.', { cause });
    });
    if (behind) {
      throw new Problem(503, 'The database is not migrated to this version.');
    }
    return { status: 'ready' };
  }
}

async function impatience(): Promise<never> {
  await sleep(DATABASE_PATIENCE_MS, undefined, { ref: false });
  throw new Error(`no answer within ${DATABASE_PATIENCE_MS} ms`);
}
