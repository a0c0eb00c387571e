import type { Server } from 'node:http';
import type { Parts } from '../app.ts';
import { integer } from '../config.ts';
import { connectionOptions } from '../db/database.ts';
import { ChangeListener } from './change-listener.ts';
import { Clients } from './clients.ts';
import { Feed } from './feed.ts';
import { acceptClients } from './handshake.ts';
import { origins } from './origin.ts';

/** The variables of the feed. */
export const realtimeSettings = {
  WS_MAX_CONNECTIONS: integer(0, 1_000_000).default(1000),
  WS_HEARTBEAT_SECONDS: integer(1, 3600).default(30),
  ALLOWED_ORIGINS: origins,
};

/** Adds `/ws/notes`, the feed of every change to a note, to the server. */
export function joinRealtime(server: Server, parts: Parts): void {
  const { config, log, database, lifecycle } = parts;
  const clients = new Clients(config.WS_MAX_CONNECTIONS, config.WS_HEARTBEAT_SECONDS * 1000);
  const feed = new Feed(database, clients, log);
  const listener = new ChangeListener(connectionOptions(config), log);

  listener.on('up', () => clients.goLive());
  listener.on('change', (change) => feed.push(change));
  listener.on('down', () => {
    feed.forget();
    clients.goDark();
  });
  acceptClients(server, clients, parts);

  listener.start();
  lifecycle.once('closing', () => {
    listener.stop();
    clients.leave();
  });
}
