import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { sharePostgres } from '../../dev/shared-postgres.ts';
import { administer } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

/** Another process that shares the PostgreSQL of the folder, until it is told to leave, or killed. */
async function otherProcess(folder: string) {
  const script = `
    import { sharePostgres } from './dev/shared-postgres.ts';
    const { url, stop } = await sharePostgres(${JSON.stringify(folder)});
    console.log(url);
    process.stdin.once('end', stop).resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const [url] = await once(child.stdout.setEncoding('utf8'), 'data');
  const end = async (how: () => void) => {
    how();
    await once(child, 'exit');
  };
  return {
    url: String(url).trim(),
    leave: () => end(() => child.stdin.end()),
    kill: () => end(() => child.kill('SIGKILL')),
  };
}

test('a second process is a guest of the first', async () => {
  const folder = temporaryFolder();
  const owner = await sharePostgres(folder);
  const guest = await otherProcess(folder);
  expect(guest.url).toBe(owner.url);
  await guest.leave();
  expect((await administer(owner.url, 'SELECT')).rowCount).toBe(1);
  owner.stop();
  await expect(administer(owner.url, 'SELECT')).rejects.toThrow('ECONNREFUSED');
});

test('when the owner has left, the next process owns the folder', async () => {
  const folder = temporaryFolder();
  const owner = await otherProcess(folder);
  await owner.leave();
  await expect(administer(owner.url, 'SELECT')).rejects.toThrow('ECONNREFUSED');

  const heir = await sharePostgres(folder);
  onTestFinished(heir.stop);
  expect(heir.version).toMatch(/^\d/);
});

test('a server whose owner was killed is replaced', async () => {
  const folder = temporaryFolder();
  const owner = await otherProcess(folder);
  await owner.kill();
  expect((await administer(owner.url, 'SELECT')).rowCount).toBe(1);

  const heir = await sharePostgres(folder);
  onTestFinished(heir.stop);
  expect((await administer(heir.url, 'SELECT')).rowCount).toBe(1);
  await expect(administer(owner.url, 'SELECT')).rejects.toThrow('ECONNREFUSED');
});
