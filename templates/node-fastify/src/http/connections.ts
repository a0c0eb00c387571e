import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Lifecycle } from '../lifecycle.ts';

declare module 'fastify' {
  interface FastifyInstance {
    lifecycle: Lifecycle;
  }
}

/** Lets go of connections as the service ends, lest it wait for requests that never come. */
export const connections = fp(async (app: FastifyInstance) => {
  const open = new Set<Socket>();
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (app.lifecycle.phase !== 'serving') {
      reply.header('Connection', 'close');
    }
    done(null, payload);
  });
  app.addHook('preClose', async () => {
    app.lifecycle.close();
    for (const socket of open) {
      // Opened in advance and never used: Node.js would not call it idle, and wait for it.
      if (socket.bytesRead === 0) {
        socket.destroy();
      }
    }
  });
});
