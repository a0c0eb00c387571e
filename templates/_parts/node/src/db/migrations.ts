import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
{%- if 'jobs' in features %}
import { areJobsBehind, migrateJobs } from '../jobs/migrations.ts';
{%- endif %}

const ROOT = fileURLToPath(new URL('../../migrations/', import.meta.url));

/** Any number, as long as nothing else in the database takes the same advisory lock. */
const LOCK = 7_244_301_981;

/**
 * Every folder in `migrations/` is a history of its own, kept in a table of its own name. `app` is the
 * service's and comes first.
 */
const histories = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted((a, b) => Number(b === 'app') - Number(a === 'app'))
  .map((name) => ({
    migrationsFolder: `${ROOT}${name}`,
    migrationsSchema: 'migrations',
    migrationsTable: name,
    times: readMigrationFiles({ migrationsFolder: `${ROOT}${name}` }).map(
      (migration) => migration.folderMillis,
    ),
  }));

/** Applies what is missing. Safe from several processes at once: one works, the others wait. */
export async function migrate(databaseUrl: string): Promise<void> {
{%- if 'jobs' in features %}
  await migrateJobs(databaseUrl);
{%- endif %}
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    for (const history of histories) {
      await applyMigrations(drizzle({ client }), history);
    }
    if (await isBehind(client)) {
      throw new Error('a migration is older than the last one applied and was left out: remake it');
    }
  } finally {
    await client.end();
  }
}

/** Whether a migration of this version of the service is missing in the database. */
export async function isBehind(client: pg.Client | pg.Pool): Promise<boolean> {
  for (const { migrationsSchema, migrationsTable, times } of histories) {
    const applied = await appliedTimes(client, `"${migrationsSchema}"."${migrationsTable}"`);
    if (!times.every((time) => applied.has(time))) {
      return true;
    }
  }
{%- if 'jobs' in features %}
  return areJobsBehind(client);
{%- else %}
  return false;
{%- endif %}
}

async function appliedTimes(client: pg.Client | pg.Pool, table: string): Promise<Set<number>> {
  try {
    const { rows } = await client.query<{ created_at: string }>(`SELECT created_at FROM ${table}`);
    return new Set(rows.map((row) => Number(row.created_at)));
  } catch (error) {
    const UNDEFINED_TABLE = '42P01';
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) {
      return new Set();
    }
    throw error;
  }
}
