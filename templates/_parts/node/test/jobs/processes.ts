import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { administer } from '../support/database.ts';
import { test as base } from '../support/service.ts';
import { WORKER } from './program.ts';

/** Jobs are lost, found and tried again quicker than in production, but may be held longer. */
const SETTINGS = {
  WORKER_POLL_SECONDS: '1',
  WORKER_UPKEEP_SECONDS: '1',
  DATABASE_STATEMENT_TIMEOUT_MS: '60000',
};

const PATIENCE = { timeout: 100_000, interval: 50 };

type Line = Record<string, unknown>;

/** A real process, as production runs it. */
function run(args: string[], variables: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, exit, stderr: text(child.stderr) };
}

function runWorker(variables: NodeJS.ProcessEnv) {
  const { child, exit, stderr } = run(WORKER, { ...SETTINGS, ...variables });
  const lines: Line[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Line));
  });
  /** Waits for a line with this in it. */
  const logged = (line: Line) =>
    eventually(() => {
      const wanted = expect.objectContaining(line);
      expect(lines).toContainEqual(wanted);
      return lines.find((given) => wanted.asymmetricMatch(given)) as Line;
    });
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), exit, stderr, lines, logged };
}

/** Runs the command for the dead letters. */
export async function runCommand(databaseUrl: string, ...args: string[]) {
  const { child, exit, stderr } = run(['src/jobs/cli.ts', ...args], { DATABASE_URL: databaseUrl });
  const stdout = await text(child.stdout);
  return { code: await exit, stdout, stderr: await stderr };
}

/** Tries until it does not throw. Unlike `expect.poll` it can be used by several tests at once. */
export const eventually = <T>(attempt: () => T | Promise<T>) => vi.waitFor(attempt, PATIENCE);

interface Fixtures {
  /** Starts a worker, which ends with the test. */
  startWorker(variables?: NodeJS.ProcessEnv): ReturnType<typeof runWorker>;
  /** Makes jobs that need the notes wait, until the function that comes back is called. */
  holdNotes(): Promise<() => Promise<void>>;
  /** Has jobs be lost and tried again sooner than in production. */
  hurry(): Promise<void>;
}

export const test = base.extend<Fixtures>({
  startWorker: async ({ databaseUrl }, use) => {
    const workers: ReturnType<typeof runWorker>[] = [];
    await use((variables) => {
      const worker = runWorker({ DATABASE_URL: databaseUrl, ...variables });
      workers.push(worker);
      return worker;
    });
    for (const { kill, exit } of workers) {
      kill('SIGKILL');
      await exit;
    }
  },
  holdNotes: async ({ databaseUrl }, use) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await use(async () => {
      await client.query('BEGIN; LOCK notes');
      return async () => {
        await client.query('ROLLBACK');
      };
    });
    await client.end();
  },
  hurry: async ({ databaseUrl }, use) => {
    const sooner = 'heartbeat_seconds = 3, retry_delay = 0, retry_limit = 2';
    await use(async () => {
      await administer(databaseUrl, `UPDATE jobs.queue SET ${sooner}`);
    });
  },
});

/** The jobs of a kind, the oldest first. */
export async function jobsOf(databaseUrl: string, name: string) {
  const { rows } = await administer(
    databaseUrl,
    `SELECT id, state, data FROM jobs.job WHERE name = '${name}' ORDER BY created_on`,
  );
  return rows;
}
