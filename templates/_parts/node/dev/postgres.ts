import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { findBinaries, programFile } from './binaries.ts';

/**
 * A real PostgreSQL with nothing to install: its programs come with a development dependency. It listens on
 * 127.0.0.1 only and lets everyone in.
 */
export interface Postgres {
  version: string;
  url: string;
  stop: () => void;
}

/** Runs the programs of PostgreSQL, which refuse to work for root. */
interface User {
  prefix: string[];
  ids: { uid?: number; gid?: number };
}

const NOBODY = 65_534;

/** Starts the server whose data lie in `folder`, making them when missing. */
export async function startPostgres(folder: string, { durable = true } = {}): Promise<Postgres> {
  fs.mkdirSync(folder, { recursive: true });
  const user = ordinaryUser();
  const bin = reachableBinaries(findBinaries(), user);
  const home = reachableFolder(path.resolve(folder), user);
  const log = path.join(home, 'postgres.log');
  const run = (program: string, ...args: string[]) =>
    execute(user, [programFile(bin, program), ...args], home, log);

  const version = versionOf(bin);
  const data = path.join(home, `data-${Number.parseInt(version, 10)}`);
  if (!fs.existsSync(data)) {
    // Renamed when it is whole: an interrupted initdb must not pass for a database.
    const unfinished = `${data}.new`;
    fs.rmSync(unfinished, { recursive: true, force: true });
    const options = ['-U', 'postgres', '-A', 'trust', '--no-sync', ...locale(version)];
    run('initdb', '-D', unfinished, ...options);
    fs.renameSync(unfinished, data);
  }

  const stop = () => run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop');
  if (await serves(data)) {
    stop(); // left behind by a process that was killed
  } else {
    inherit(data);
  }
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
  if (!durable) {
    settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  }
  const options = [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(' ');
  run('pg_ctl', '-D', data, '-w', '-l', log, '-o', options, 'start');
  return { version, url: `postgresql://postgres@127.0.0.1:${port}/postgres`, stop };
}

/** The same sorting on every operating system. */
function locale(version: string): string[] {
  const builtin = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['-E', 'UTF8', '--locale=C', ...(Number.parseInt(version, 10) >= 17 ? builtin : [])];
}

function ordinaryUser(): User {
  if (process.getuid?.() !== 0) {
    return { prefix: [], ids: {} };
  }
  const prefix = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  const isPossible = spawnSync('unshare', [...prefix.slice(1), 'true']).status === 0;
  return isPossible ? { prefix, ids: {} } : { prefix: [], ids: { uid: NOBODY, gid: NOBODY } };
}

/** Copies the programs to a place where `nobody` can reach them, if need be. */
function reachableBinaries(bin: string, user: User): string {
  if (can(user, 'test', '-x', programFile(bin, 'postgres'))) {
    return bin;
  }
  const copy = temporaryTwin(bin);
  if (!fs.existsSync(copy)) {
    const unfinished = fs.mkdtempSync(`${copy}-`);
    fs.cpSync(path.dirname(bin), unfinished, { recursive: true, verbatimSymlinks: true });
    fs.chmodSync(unfinished, 0o755);
    fs.renameSync(unfinished, copy);
  }
  return path.join(copy, path.basename(bin));
}

/** The folder itself, or one that `nobody` can reach, for `nobody` to write to. */
function reachableFolder(folder: string, user: User): string {
  if (user.ids.uid === undefined) {
    return folder;
  }
  const isReachable = can(user, 'test', '-x', path.dirname(folder));
  const reachable = isReachable ? folder : temporaryTwin(folder);
  fs.mkdirSync(reachable, { recursive: true });
  fs.lchownSync(reachable, NOBODY, NOBODY);
  return reachable;
}

/** A place of the same meaning in the temporary folder, which others may not have taken before us. */
function temporaryTwin(folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const twin = path.join(os.tmpdir(), `devpg-${name}`);
  const taken = fs.lstatSync(twin, { throwIfNoEntry: false });
  if (taken && !(taken.isDirectory() && [0, NOBODY].includes(taken.uid))) {
    throw new Error(`${twin} belongs to somebody else.`);
  }
  return twin;
}

function can(user: User, program: string, ...args: string[]): boolean {
  return (
    user.ids.uid === undefined || spawnSync(program, args, { ...user.ids, cwd: '/' }).status === 0
  );
}

function versionOf(bin: string): string {
  const { stdout } = spawnSync(programFile(bin, 'postgres'), ['--version'], {
    encoding: 'utf8',
  });
  return /\d[\d.]*/.exec(stdout)?.[0] ?? '';
}

function execute(user: User, command: string[], cwd: string, log: string): void {
  const [program = '', ...args] = [...user.prefix, ...command];
  // PGDATA, PGPORT and their like would lead elsewhere.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PG')),
  );
  const output = fs.openSync(log, 'a');
  if (user.ids.uid !== undefined) {
    fs.fchownSync(output, NOBODY, NOBODY);
  }
  const { error, status } = spawnSync(program, args, {
    ...user.ids,
    cwd,
    env,
    // Never a pipe: the server would keep it open.
    stdio: ['ignore', output, output],
  });
  fs.closeSync(output);
  if (error || status !== 0) {
    const tail = fs.readFileSync(log, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
    throw new Error(`${command.join(' ')} failed:\n${tail}`, { cause: error });
  }
}

/** Whether a server runs on the data. Its notes tell: line 1 is its process id, line 4 its port. */
async function serves(data: string): Promise<boolean> {
  const notes = notesOf(data);
  const port = Number(notes[3]);
  return isAlive(Number(notes[0])) && port > 0 && answers(port);
}

/**
 * Puts our process id in the place of that of a server which is no more. PostgreSQL would not start as long as
 * any process has the old one; of its own parent it knows that it is no server.
 */
function inherit(data: string): void {
  const [, ...notes] = notesOf(data);
  if (notes.length > 0) {
    fs.writeFileSync(notesFile(data), [process.pid, ...notes].join('\n'));
  }
}

const notesFile = (data: string) => path.join(data, 'postmaster.pid');

function notesOf(data: string): string[] {
  const file = notesFile(data);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : [];
}

/** Whether there is such a process, ours or not. */
function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
