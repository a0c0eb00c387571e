import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sharePostgres } from './shared-postgres.ts';

const FOLDER = fileURLToPath(new URL('../.devdb', import.meta.url));

/**
 * Runs Node.js with each list of arguments in turn, as long as they succeed. Where DATABASE_URL is not set,
 * they get an embedded PostgreSQL, which outlives their restarts.
 */
export async function withDatabase(...runs: string[][]): Promise<void> {
  let child: ChildProcess | undefined;
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A terminal and npm both pass Ctrl-C on; the child must hear of it once.
    process.on(signal, () => {
      if (!stopping) {
        stopping = true;
        child?.kill('SIGTERM');
      }
    });
  }

  const postgres = process.env.DATABASE_URL ? undefined : await sharePostgres(FOLDER);
  if (postgres) {
    console.error(`PostgreSQL ${postgres.version} at ${postgres.url}`);
  }
  const env = {
    NODE_ENV: 'development',
    ...process.env,
    ...(postgres && { DATABASE_URL: postgres.url }),
  };
  try {
    for (const args of runs) {
      if (stopping || process.exitCode) {
        break;
      }
      child = spawn(process.execPath, args, {
        env,
        stdio: ['ignore', 'inherit', 'inherit'],
        // In a process group of its own, out of the reach of Ctrl-C.
        detached: process.platform !== 'win32',
      });
      const [code] = await once(child, 'exit');
      process.exitCode = stopping ? 0 : (code ?? 1);
    }
  } finally {
    postgres?.stop();
  }
}
