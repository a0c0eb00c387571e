import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostgres, isAlive, type Postgres, startPostgres } from './postgres.ts';

const PATIENCE_MS = 60_000;

/**
 * The PostgreSQL of `folder`. One process at a time owns it: it starts the server, and stops it. Others are
 * its guests.
 */
export async function sharePostgres(folder: string): Promise<Postgres> {
  fs.mkdirSync(folder, { recursive: true });
  const ownerFile = path.join(folder, 'owner.pid');
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (claim(ownerFile)) {
      return own(folder, ownerFile);
    }
    const url = await findPostgres(folder);
    if (url !== undefined) {
      return { version: 'of another process', url, stop() {} };
    }
    await sleep(100);
  }
  throw new Error(`Another process does not start its PostgreSQL: see ${ownerFile}`);
}

async function own(folder: string, ownerFile: string): Promise<Postgres> {
  const release = () => fs.rmSync(ownerFile, { force: true });
  try {
    const { version, url, stop } = await startPostgres(folder);
    return {
      version,
      url,
      stop() {
        stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Whether the folder is ours from now on: it was nobody's, or its owner is no more. */
function claim(ownerFile: string): boolean {
  if (isAbandoned(ownerFile)) {
    fs.rmSync(ownerFile, { force: true });
  }
  try {
    fs.writeFileSync(ownerFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function isAbandoned(ownerFile: string): boolean {
  if (!fs.existsSync(ownerFile)) {
    return false;
  }
  const pid = fs.readFileSync(ownerFile, 'utf8');
  // Empty: another process is writing it just now.
  return pid !== '' && !isAlive(Number(pid));
}
