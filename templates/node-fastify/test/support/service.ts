import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { test as base, inject } from 'vitest';
import { createApp, settings } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Database } from '../../src/db/database.ts';
import type { Lifecycle } from '../../src/lifecycle.ts';
import { createLog } from '../../src/log.ts';
import { createDatabase, dropDatabase, withName } from './database.ts';
import { DatabaseProxy } from './proxy.ts';

/** The whole service, listening on a port of its own. */
export interface Service {
  url: string;
  app: FastifyInstance;
  server: Server;
  database: Database;
  lifecycle: Lifecycle;
  /** What has been logged so far. */
  logged: Record<string, unknown>[];
  /** `fetch` within the service. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a JSON body. */
  send(method: string, path: string, body: unknown): Promise<Response>;
  stop(): Promise<void>;
}

export type Variables = Record<string, string>;

export async function startService(
  databaseUrl: string,
  variables: Variables = {},
): Promise<Service> {
  const config = loadConfig(settings, {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'debug',
    ...variables,
  });
  const logged: Record<string, unknown>[] = [];
  const log = createLog(config.LOG_LEVEL, { write: (line) => logged.push(JSON.parse(line)) });
  const app = createApp(config, log);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });

  const request = (path: string, init?: RequestInit) => fetch(url + path, init);
  return {
    url,
    app,
    server: app.server,
    database: app.database,
    lifecycle: app.lifecycle,
    logged,
    request,
    send: (method, path, body) =>
      request(path, {
        method,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async stop() {
      const closed = app.close();
      app.server.closeAllConnections();
      await closed;
    },
  };
}

interface Fixtures {
  /** An empty database of this test's own, with the tables. */
  databaseUrl: string;
  /** A way to that database that can be cut. */
  proxy: DatabaseProxy;
  service: Service;
  /** Starts another one on the same database; it ends with the test. */
  start(variables?: Variables, databaseUrl?: string): Promise<Service>;
}

/** `test` with a service and a database for each test that asks for them. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names from the pattern
  databaseUrl: async ({}, use) => {
    const name = await createDatabase(inject('serverUrl'), inject('templateName'));
    await use(withName(inject('serverUrl'), name));
    await dropDatabase(inject('serverUrl'), name);
  },
  proxy: async ({ databaseUrl }, use) => {
    const proxy = await DatabaseProxy.to(databaseUrl);
    await use(proxy);
    await proxy.close();
  },
  start: async ({ databaseUrl }, use) => {
    const services: Service[] = [];
    await use(async (variables = {}, url = databaseUrl) => {
      const service = await startService(url, variables);
      services.push(service);
      return service;
    });
    await Promise.all(services.map((service) => service.stop()));
  },
  service: async ({ start }, use) => {
    await use(await start());
  },
});
