import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket, WebSocketServer } from 'ws';
import type { databaseSettings, Settings } from '../config.ts';
import { CONFIG, LOG } from '../core.module.ts';
import { Problem } from '../errors.ts';
import { type AnswerHeaders, securityHeaders } from '../http/headers.ts';
import { refuse } from '../http/refuse.ts';
import { requestIdOf } from '../http/request-context.ts';
import type { Logger } from '../log.ts';
import { Clients } from './clients.ts';
import { checkOrigin } from './origin.ts';
import type { realtimeSettings } from './realtime.module.ts';

const PATH = '/ws/notes';

/** Takes in new clients, or refuses them as any other request is refused. */
@WebSocketGateway({ path: PATH, maxPayload: 1024, clientTracking: false, perMessageDeflate: false })
export class NotesGateway
  implements OnGatewayInit<WebSocketServer>, OnGatewayConnection<WebSocket>
{
  readonly #headers: AnswerHeaders;

  constructor(
    @Inject(CONFIG)
    private readonly config: Settings<typeof databaseSettings & typeof realtimeSettings>,
    @Inject(LOG) private readonly log: Logger,
    private readonly clients: Clients,
  ) {
    this.#headers = securityHeaders(config.NODE_ENV === 'production');
  }

  afterInit(server: WebSocketServer): void {
    // Who may not listen is turned away here.
    server.options.verifyClient = ({ req }, accept) => {
      const problem = this.#whyNot(req);
      if (problem) {
        this.#turnAway(req, req.socket, problem);
      } else {
        accept(true);
      }
    };
    server.on('headers', (lines, request) => lines.push(`X-Request-Id: ${requestIdOf(request)}`));
    server.on('wsClientError', (_error, socket, request) =>
      this.#turnAway(request, socket, new Problem(400, 'This is not a WebSocket handshake.')),
    );
  }

  handleConnection(client: WebSocket, request: IncomingMessage): void {
    const start = performance.now();
    const id = requestIdOf(request);
    client.once('close', (code) => {
      const duration_ms = Math.round(performance.now() - start);
      this.log.info({ request_id: id, path: PATH, code, duration_ms }, 'websocket closed');
    });
    this.clients.add(client);
  }

  #whyNot(request: IncomingMessage): Problem | undefined {
    return (
      checkOrigin(request.headers, this.config.ALLOWED_ORIGINS) ??
      (this.clients.hasRoom ? undefined : new Problem(503, 'Too many clients; try again later.'))
    );
  }

  #turnAway(request: IncomingMessage, socket: Duplex, problem: Problem): void {
    const id = requestIdOf(request);
    refuse(socket, problem, this.#headers, id);
    this.log.info({ request_id: id, path: PATH, status: problem.status }, 'websocket refused');
  }
}
