import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DATABASE } from '../db/database.module.ts';
import type { Database } from '../db/database.ts';
import { Answers, Fails } from '../openapi.ts';
import { Queue } from './queue.ts';
import { type Digest, digest } from './schema.ts';
import { sendDigest } from './write-digest.ts';

/** Asked for now, written later. */
@Controller('api/digests')
@ApiTags('digests')
export class DigestsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly queue: Queue,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'askForDigest',
    summary: 'Have a note written that tells how many notes came on a day',
  })
  @Answers(202, 'It will be. Asking twice does no harm.', digest)
  @Fails(400, 413, 415, 422)
  async ask(@Body({ schema: digest }) wanted: Digest): Promise<Digest> {
    await sendDigest(this.queue, this.database, wanted.day);
    return wanted;
  }
}
