import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { type databaseSettings, integer, type Settings } from '../config.ts';
import { connectionOptions } from '../db/database.ts';
import { Problem } from '../errors.ts';
import type { AnswerHeaders } from '../http/headers.ts';
import { refuse } from '../http/refuse.ts';
import { requestIdOf } from '../http/request-context.ts';
import type { Logger } from '../log.ts';
import { ChangeListener } from './change-listener.ts';
import { Clients } from './clients.ts';
import { Feed } from './feed.ts';
import { checkOrigin, origins } from './origin.ts';

const PATH = '/ws/notes';

/** The variables of the feed. */
export const realtimeSettings = {
  WS_MAX_CONNECTIONS: integer(0, 1_000_000).default(1000),
  WS_HEARTBEAT_SECONDS: integer(1, 3600).default(30),
  ALLOWED_ORIGINS: origins,
};

interface Options {
  config: Settings<typeof databaseSettings & typeof realtimeSettings>;
  log: Logger;
  headers: AnswerHeaders;
}

/** Adds `/ws/notes`, the feed of every change to a note. */
export async function realtime(app: FastifyInstance, { config, log, headers }: Options) {
  const clients = new Clients(config.WS_MAX_CONNECTIONS, config.WS_HEARTBEAT_SECONDS * 1000);
  const feed = new Feed(app.database, clients, log);
  const listener = new ChangeListener(connectionOptions(config), log);
  listener.on('up', () => clients.goLive());
  listener.on('change', (change) => feed.push(change));
  listener.on('down', () => {
    feed.forget();
    clients.goDark();
  });

  await app.register(websocket, {
    options: { maxPayload: 1024, perMessageDeflate: false, clientTracking: false },
    preClose: (done) => {
      listener.stop();
      clients.leave();
      done();
    },
  });
  // Otherwise Node.js hands over whatever asks for an upgrade, as some clients do for HTTP/2.
  const isOurs = ({ url }: { url?: string }) => url?.split('?', 1)[0] === PATH;
  Object.assign(app.server, { shouldUpgradeCallback: isOurs });

  app.websocketServer.on('headers', (lines, request) => {
    lines.push(`X-Request-Id: ${requestIdOf(request)}`);
  });
  app.websocketServer.on('wsClientError', (_error, socket, request) => {
    const problem = new Problem(400, 'This is not a WebSocket handshake.');
    refuse(socket, problem, headers, requestIdOf(request));
    log.info({ request_id: requestIdOf(request), path: PATH, status: 400 }, 'websocket refused');
  });

  app.route({
    method: 'GET',
    url: PATH,
    schema: { hide: true },
    preValidation: async (request) => {
      if (!request.ws) {
        return;
      }
      const problem = checkOrigin(request.headers, config.ALLOWED_ORIGINS);
      if (problem) {
        throw problem;
      }
      if (!clients.hasRoom) {
        throw new Problem(503, 'Too many clients; try again later.');
      }
    },
    handler: async () => {
      throw new Problem(426, 'This is a WebSocket.', { headers: { Upgrade: 'websocket' } });
    },
    wsHandler: (client, request) => {
      const start = performance.now();
      client.once('close', (code) => {
        const duration_ms = Math.round(performance.now() - start);
        log.info({ request_id: request.id, path: PATH, code, duration_ms }, 'websocket closed');
      });
      clients.add(client);
    },
  });
  listener.start();
}
