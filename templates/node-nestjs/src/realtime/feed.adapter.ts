import type { IncomingMessage } from 'node:http';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocketServer } from 'ws';

type Options = Parameters<WsAdapter['create']>[1];

/** WebSockets at the paths of the gateways, and nothing but HTTP anywhere else. */
export class FeedAdapter extends WsAdapter {
  readonly #paths = new Set<string | undefined>();

  override create(port: number, options: Options) {
    this.#paths.add(options?.path);
    // Otherwise Node.js hands over whatever asks for an upgrade, as some clients do for HTTP/2.
    const isOurs = ({ url }: IncomingMessage) => this.#paths.has(url?.split('?', 1)[0]);
    Object.assign(this.httpServer, { shouldUpgradeCallback: isOurs });
    return super.create(port, options);
  }

  /** A client's broken frame is no fault of ours: `ws` closes the connection with the code for it. */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    return server;
  }
}
