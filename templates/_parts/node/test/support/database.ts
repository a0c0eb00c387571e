import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Makes a database of its own for a test, empty or a copy; its name ends in `_test`. */
export async function createDatabase(serverUrl: string, template?: string): Promise<string> {
  const name = `app_${randomBytes(6).toString('hex')}_test`;
  await administer(serverUrl, `CREATE DATABASE ${name} ${template ? `TEMPLATE ${template}` : ''}`);
  return name;
}

export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

export function withName(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs one statement on a connection of its own. */
export async function administer(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}
