import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../errors.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { AnswerHeaders } from './headers.ts';
import { refuse } from './refuse.ts';

interface Options {
  requestTimeoutMs: number;
  headers: AnswerHeaders;
  lifecycle: Lifecycle;
}

/** The HTTP server around the app, with the limits of the protocol, and closed with the service. */
export function createHttpServer(app: RequestListener, options: Options): Server {
  const { headers, lifecycle } = options;
  // A little later than the timeout of the app, which gives a better answer.
  const requestTimeout = options.requestTimeoutMs + 1000;
  const server = createServer({
    requestTimeout,
    headersTimeout: Math.min(10_000, requestTimeout),
    // Longer than the idle timeout of the usual load balancers, or theirs and ours would race.
    keepAliveTimeout: 65_000,
  });

  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (_request, response) => {
    response.shouldKeepAlive &&= lifecycle.phase === 'serving';
  });
  server.on('request', app);

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable) {
      refuse(socket, protocolProblem(error.code), headers);
    } else {
      socket.destroy();
    }
  });

  lifecycle.once('closing', () => {
    for (const socket of connections) {
      // Opened in advance and never used: Node.js would not call it idle, and wait for it.
      if (socket.bytesRead === 0) {
        socket.destroy();
      }
    }
    // A connection that is busy now is idle in a moment.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => clearInterval(idle));
  });
  return server;
}

function protocolProblem(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem(431, 'The headers are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem(408, 'The request did not arrive in time.');
    default:
      return new Problem(400, 'This is not HTTP.');
  }
}
