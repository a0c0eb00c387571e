import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Parts } from '../app.ts';
import { Problem } from '../errors.ts';
import { securityHeaders } from '../http/headers.ts';
import { refuse } from '../http/refuse.ts';
import { requestIdOf } from '../http/request-context.ts';
import type { Clients } from './clients.ts';
import { checkOrigin } from './origin.ts';

const PATH = '/ws/notes';

/** Takes in new clients at the server's door, or refuses them as any other request is refused. */
export function acceptClients(server: Server, clients: Clients, { config, log }: Parts): void {
  const headers = securityHeaders(config.NODE_ENV === 'production');
  const handshake = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: 1024,
  });
  const whyNot = (request: IncomingMessage) =>
    checkOrigin(request.headers, config.ALLOWED_ORIGINS) ??
    (clients.hasRoom ? undefined : new Problem(503, 'Too many clients; try again later.'));
  const turnAway = (request: IncomingMessage, socket: Duplex, problem: Problem) => {
    const id = requestIdOf(request);
    refuse(socket, problem, headers, id);
    log.info({ request_id: id, path: PATH, status: problem.status }, 'websocket refused');
  };

  // Otherwise Node.js hands over whatever asks for an upgrade, as some clients do for HTTP/2.
  const isOurs = ({ url }: IncomingMessage) => url?.split('?', 1)[0] === PATH;
  Object.assign(server, { shouldUpgradeCallback: isOurs });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const problem = whyNot(request);
    if (problem) {
      turnAway(request, socket, problem);
      return;
    }
    handshake.handleUpgrade(request, socket, head, (client) => {
      const start = performance.now();
      const id = requestIdOf(request);
      client.once('close', (code) => {
        const duration_ms = Math.round(performance.now() - start);
        log.info({ request_id: id, path: PATH, code, duration_ms }, 'websocket closed');
      });
      clients.add(client);
    });
  });
  handshake.on('headers', (lines, request) => lines.push(`X-Request-Id: ${requestIdOf(request)}`));
  handshake.on('wsClientError', (_error, socket, request) =>
    turnAway(request, socket, new Problem(400, 'This is not a WebSocket handshake.')),
  );
}
