import { once } from 'node:events';
import { ExpressAdapter } from '@nestjs/platform-express';
import { nothingHere } from './not-allowed.ts';
import { createHttpServer } from './server.ts';

type Options = Parameters<typeof createHttpServer>[1];

/** Express as Nest drives it, behind our own HTTP server. */
export class HttpAdapter extends ExpressAdapter {
  readonly #options: Options;

  constructor(options: Options) {
    super();
    this.#options = options;
  }

  override initHttpServer(): void {
    this.setHttpServer(createHttpServer(this.getInstance(), this.#options));
  }

  override setNotFoundHandler(): void {
    this.use(nothingHere);
  }

  /** What Express throws reaches the filter as it is. */
  override mapException(error: unknown): unknown {
    return error;
  }

  override async close(): Promise<void> {
    const closed = once(this.getHttpServer(), 'close');
    this.#options.lifecycle.close();
    await closed;
  }
}
