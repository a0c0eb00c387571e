import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { integer, type ServiceConfig, type Settings } from '../config.ts';
import { CONFIG, LOG } from '../core.module.ts';
import { DATABASE } from '../db/database.module.ts';
import { connectionOptions } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { ChangeListener } from './change-listener.ts';
import { Clients } from './clients.ts';
import { Feed } from './feed.ts';
import { NotesGateway } from './notes.gateway.ts';
import { origins } from './origin.ts';

/** The variables of the feed. */
export const realtimeSettings = {
  WS_MAX_CONNECTIONS: integer(0, 1_000_000).default(1000),
  WS_HEARTBEAT_SECONDS: integer(1, 3600).default(30),
  ALLOWED_ORIGINS: origins,
};

/** `/ws/notes`, the feed of every change to a note. */
@Module({
  providers: [
    NotesGateway,
    {
      provide: Clients,
      inject: [CONFIG],
      useFactory: (config: Settings<typeof realtimeSettings>) =>
        new Clients(config.WS_MAX_CONNECTIONS, config.WS_HEARTBEAT_SECONDS * 1000),
    },
    {
      provide: ChangeListener,
      inject: [CONFIG, LOG],
      useFactory: (config: ServiceConfig, log: Logger) =>
        new ChangeListener(connectionOptions(config), log),
    },
    {
      provide: Feed,
      inject: [DATABASE, Clients, LOG],
      useFactory: (...parts: ConstructorParameters<typeof Feed>) => new Feed(...parts),
    },
  ],
})
export class RealtimeModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly clients: Clients,
    private readonly listener: ChangeListener,
    private readonly feed: Feed,
  ) {}

  onApplicationBootstrap(): void {
    this.listener.on('up', () => this.clients.goLive());
    this.listener.on('change', (change) => this.feed.push(change));
    this.listener.on('down', () => {
      this.feed.forget();
      this.clients.goDark();
    });
    this.listener.start();
  }

  onModuleDestroy(): void {
    this.listener.stop();
    this.clients.leave();
  }
}
