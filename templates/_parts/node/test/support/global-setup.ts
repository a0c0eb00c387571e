import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../dev/postgres.ts';
import { migrate } from '../../src/db/migrations.ts';
import { createDatabase, dropDatabase, withName } from './database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where databases are made: the server, reached through a database that is left alone. */
    serverUrl: string;
    /** The database that all others are copies of. */
    templateName: string;
  }
}

/** One server for the whole run: the one of DATABASE_URL, or an embedded one that is thrown away. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = process.env.DATABASE_URL ? given(process.env.DATABASE_URL) : await throwAway();
  const templateName = await createDatabase(server.url);
  await migrate(withName(server.url, templateName));
  provide('serverUrl', server.url);
  provide('templateName', templateName);
  return async () => {
    await dropDatabase(server.url, templateName);
    server.stop();
  };
}

function given(url: string) {
  const name = new URL(url).pathname.slice(1);
  if (!name.endsWith('_test')) {
    throw new Error(
      `DATABASE_URL names the database "${name}", but tests use only one whose name ends in "_test". ` +
        'Leave DATABASE_URL unset for an embedded PostgreSQL.',
    );
  }
  return { url, stop() {} };
}

async function throwAway() {
  const folder = mkdtempSync(path.join(tmpdir(), 'test-postgres-'));
  const { url, stop } = await startPostgres(folder, { durable: false });
  return {
    url,
    stop() {
      stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
