import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Postgres, startPostgres } from './postgres.ts';

const PATIENCE_MS = 60_000;
const SQLITE_BUSY = 5;

/**
 * The PostgreSQL of `folder`. One process at a time owns it: it starts the server, and stops it. Others are
 * its guests.
 */
export async function sharePostgres(folder: string): Promise<Postgres> {
  fs.mkdirSync(folder, { recursive: true });
  const address = path.join(folder, 'address');
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const lock = takeLock(path.join(folder, 'lock'));
    if (lock) {
      return own(folder, address, lock);
    }
    // `a+`: empty when it is not there, whatever the owner does to it meanwhile.
    const url = fs.readFileSync(address, { encoding: 'utf8', flag: 'a+' });
    if (url !== '') {
      return { version: 'of another process', url, stop() {} };
    }
    await sleep(100);
  }
  throw new Error(`Another process owns ${folder}, and does not start its PostgreSQL.`);
}

/**
 * A lock that the operating system takes back however its holder ends, as a process id in a file is not. Of
 * all that comes with Node.js, SQLite has one for every platform.
 */
function takeLock(file: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
      return undefined;
    }
    throw error;
  }
}

async function own(folder: string, address: string, lock: DatabaseSync): Promise<Postgres> {
  const withdraw = () => fs.rmSync(address, { force: true });
  try {
    withdraw(); // an owner that was killed has left its own
    const { version, url, stop } = await startPostgres(folder);
    fs.writeFileSync(address, url);
    return {
      version,
      url,
      stop() {
        withdraw();
        stop();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}
