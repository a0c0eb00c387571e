// What is done to all services at once: node workspace/run.mts setup|dev|check|test|build
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseEnv, styleText } from 'node:util';
import { type Service, services } from './services.mts';

const ROOT = path.resolve(import.meta.dirname, '..');
const WINDOWS = process.platform === 'win32';
const PATIENCE_MS = 15_000;
const COLOURS = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const;

const COMMANDS = {
  node: {
    setup: 'npm install',
    dev: 'npm run dev',
    check: 'npm run check',
    test: 'npm test',
    build: 'npm run build',
  },
  python: {
    setup: 'uv sync',
    dev: 'uv run poe dev',
    check: 'uv run poe check',
    test: 'uv run poe test',
    build: 'uv run poe build',
  },
};
type Command = keyof (typeof COMMANDS)['node'];

const folderOf = ({ folder }: Service) => path.join(ROOT, folder);
const identifier = ({ name }: Service) => name.replaceAll('-', '_');

/** One service after the other, until one fails. */
async function inTurn(command: Command): Promise<void> {
  for (const service of services) {
    const words = COMMANDS[service.language][command];
    console.error(styleText('bold', `${service.folder}$ ${words}`, { stream: process.stderr }));
    const child = start(words, { cwd: folderOf(service), stdio: 'inherit' });
    process.exitCode = await ended(child);
    if (process.exitCode !== 0) {
      return;
    }
  }
}

/** All services, on one embedded PostgreSQL, until one ends or the user has enough. */
async function dev(): Promise<void> {
  const over = Promise.withResolvers<number>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => over.resolve(0));
  }
  const postgres = await startPostgres();
  const guard = startGuard();
  const children: ChildProcess[] = [];
  try {
    for (const [index, service] of services.entries()) {
      const child = start(COMMANDS[service.language].dev, {
        cwd: folderOf(service),
        env: environment(service, postgres.url),
        stdio: ['ignore', 'pipe', 'pipe'],
        // In a process group of its own: out of the reach of Ctrl-C, and stopped as a whole.
        detached: !WINDOWS,
      });
      children.push(child);
      guard?.stdin?.write(`${child.pid}\n`);
      show(child, service.name, COLOURS[index % COLOURS.length] ?? 'cyan');
      void ended(child).then((code) => over.resolve(code || 1));
    }
    process.exitCode = await over.promise;
  } finally {
    await Promise.all(children.map(stop));
    guard?.stdin?.end();
    await postgres.stop();
  }
}

/** What its `.env` says goes before what a service is told here. */
function environment(service: Service, server: string): NodeJS.ProcessEnv {
  const addresses = services.map((it) => [
    `${identifier(it).toUpperCase()}_URL`,
    `http://127.0.0.1:${it.port}`,
  ]);
  const file = path.join(folderOf(service), '.env');
  return {
    ...process.env,
    ...Object.fromEntries(addresses),
    DATABASE_URL: new URL(identifier(service), server).href,
    PORT: String(service.port),
    ...(fs.existsSync(file) ? parseEnv(fs.readFileSync(file, 'utf8')) : {}),
  };
}

function start(command: string, options: SpawnOptions): ChildProcess {
  const [program = '', ...args] = command.split(' ');
  // On Windows npm is a script, which only a shell can run.
  return spawn(program, args, { ...options, shell: WINDOWS });
}

/** The exit code; 1 when a signal ended it, or when there is no such program. */
function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', ({ message }) => {
      console.error(message);
      resolve(1);
    });
  });
}

/** Every line with the name of its service before it. */
function show(child: ChildProcess, name: string, colour: (typeof COLOURS)[number]): void {
  const width = Math.max(...services.map((it) => it.name.length));
  const prefix = styleText(colour, `${name.padEnd(width)} |`, { stream: process.stdout });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) {
      readline.createInterface({ input: stream }).on('line', (line) => console.log(prefix, line));
    }
  }
}

/** Ends a child and all that it has started. */
async function stop({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) {
    return;
  }
  if (WINDOWS) {
    await once(spawn('taskkill', ['/pid', String(pid), '/t', '/f']), 'exit');
    return;
  }
  const deadline = Date.now() + PATIENCE_MS;
  while (signalGroup(pid, Date.now() < deadline ? 'SIGTERM' : 'SIGKILL')) {
    while (signalGroup(pid, 0) && Date.now() < deadline) {
      await sleep(50);
    }
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // nobody is left
  }
}

const GUARD = `
process.stdin.setEncoding('utf8').toArray().then((chunks) => {
  for (const pid of chunks.join('').trim().split('\\n').map(Number)) {
    try { process.kill(-pid, 'SIGTERM'); } catch {}
  }
});`;

/** Ends the services when this process is killed before it could. */
function startGuard(): ChildProcess | undefined {
  if (WINDOWS) {
    return undefined;
  }
  const stdio = ['pipe', 'ignore', 'ignore'] as const;
  return spawn(process.execPath, ['-e', GUARD], { stdio: [...stdio], detached: true });
}

interface Postgres {
  url: string;
  stop: () => unknown;
}

/** An embedded PostgreSQL as the services themselves have it, with a database for each. */
async function startPostgres(): Promise<Postgres> {
  // Always the same one, whichever come later: the data are in its form.
  const [host] = services;
  if (!host) {
    throw new Error('There is no service yet.');
  }
  return host.language === 'node' ? postgresOfNode(host) : postgresOfPython(host);
}

async function postgresOfNode(host: Service): Promise<Postgres> {
  const file = path.join(folderOf(host), 'dev/shared-postgres.ts');
  const { sharePostgres } = await import(pathToFileURL(file).href);
  const postgres: Postgres = await sharePostgres(path.join(ROOT, '.devdb'));
  try {
    const { Client } = createRequire(file)('pg');
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    for (const name of services.map(identifier)) {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) {
        await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      }
    }
    await client.end();
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return postgres;
}

const HOST_IN_PYTHON = `
import os, sys
import psycopg
from psycopg.sql import SQL, Identifier
url, names = os.environ["DATABASE_URL"], sys.argv[1:]
with psycopg.connect(url, autocommit=True) as connection:
    there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    for name in names:
        if name not in there:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
print(url, flush=True)
sys.stdin.read()
`;

async function postgresOfPython(host: Service): Promise<Postgres> {
  const folder = folderOf(host);
  const words = ['--project', folder, 'python', '-m', 'dev.run', 'python', '-c', HOST_IN_PYTHON];
  const child = spawn('uv', ['run', ...words, ...services.map(identifier)], {
    cwd: ROOT,
    env: { ...process.env, PYTHONPATH: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: !WINDOWS,
  });
  const exit = once(child, 'exit');
  const lines = readline.createInterface({ input: child.stdout });
  const [url] = await Promise.race([once(lines, 'line'), exit]);
  if (typeof url !== 'string') {
    throw new Error('PostgreSQL did not start.');
  }
  return {
    url,
    async stop() {
      child.stdin.end();
      await exit;
    },
  };
}

const [command = ''] = process.argv.slice(2);
if (command === 'dev') {
  await dev();
} else if (Object.hasOwn(COMMANDS.node, command)) {
  await inTurn(command as Command);
} else {
  console.error(`There is: ${Object.keys(COMMANDS.node).join(', ')}`);
  process.exitCode = 2;
}
