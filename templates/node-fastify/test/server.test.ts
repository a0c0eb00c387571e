import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { test } from './support/service.ts';

/** The real process, as production runs it. */
function run(variables: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, args.length > 0 ? args : ['src/server.ts'], {
    env: { PATH: process.env.PATH, PORT: '0', NODE_ENV: 'production', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const stderr = text(child.stderr);
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
  });
  const exit = once(child, 'close').then(([code]) => code as number);
  const logged = (msg: string) =>
    expect.poll(() => lines.find((line) => String(line.msg).startsWith(msg)), { timeout: 10_000 });
  return { child, lines, exit, stderr, logged };
}

test('with a bad environment it says all that is wrong and exits with 1', async () => {
  const { exit, stderr, lines } = run({ PORT: 'x' });
  expect(await exit).toBe(1);
  expect(await stderr).toBe(
    'DATABASE_URL is not set; it looks like postgresql://user:password@host:port/database\n' +
      'PORT must be a whole number from 0 to 65535\n',
  );
  expect(lines).toEqual([]);
});

test.for(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0', async (signal, { databaseUrl }) => {
  const { child, exit, stderr, logged, lines } = run({
    DATABASE_URL: databaseUrl,
    DRAIN_SECONDS: '0',
  });
  await logged('listening').toBeDefined();
  child.kill(signal);
  expect(await exit).toBe(0);
  expect(await stderr).toBe('');
  expect(lines.map(({ msg }) => msg)).toContain('closed');
});

test('a second signal ends it at once', async ({ databaseUrl }) => {
  const { child, exit, logged } = run({ DATABASE_URL: databaseUrl, DRAIN_SECONDS: '60' });
  await logged('listening').toBeDefined();
  child.kill('SIGTERM');
  await logged('draining').toBeDefined();
  child.kill('SIGTERM');
  expect(await exit).toBe(1);
});

test('a port that is taken ends it with 1, and the log says why', async ({
  databaseUrl,
  service,
}) => {
  const { exit, lines } = run({
    DATABASE_URL: databaseUrl,
    DRAIN_SECONDS: '60',
    PORT: new URL(service.url).port,
  });
  expect(await exit).toBe(1);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'fatal',
      err: expect.objectContaining({ code: 'EADDRINUSE' }),
    }),
  );
});

test('a rejection that nobody handles ends it with 1, and the log says why', async ({
  databaseUrl,
}) => {
  const stray = "setTimeout(() => Promise.reject(new Error('stray')), 1500)";
  const { exit, lines } = run(
    { DATABASE_URL: databaseUrl, DRAIN_SECONDS: '60' },
    `--import=data:text/javascript,${encodeURIComponent(stray)}`,
    'src/server.ts',
  );
  expect(await exit).toBe(1);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'fatal', err: expect.objectContaining({ message: 'stray' }) }),
  );
  expect(lines.map(({ msg }) => msg)).toContain('closed');
});
