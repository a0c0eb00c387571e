import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { sharePostgres } from '../../dev/shared-postgres.ts';
import { administer } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a second process is a guest of the first', async () => {
  const folder = temporaryFolder();
  const owner = await sharePostgres(folder);
  const guest = await sharePostgres(folder);
  expect(guest.url).toBe(owner.url);
  guest.stop();
  expect((await administer(owner.url, 'SELECT')).rowCount).toBe(1);
  owner.stop();
  await expect(administer(owner.url, 'SELECT')).rejects.toThrow('ECONNREFUSED');
});

test('a server whose owner was killed is replaced', async () => {
  const folder = temporaryFolder();
  const script = `
    import { sharePostgres } from './dev/shared-postgres.ts';
    console.log((await sharePostgres(${JSON.stringify(folder)})).url);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const [url] = await once(child.stdout.setEncoding('utf8'), 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await administer(String(url).trim(), 'SELECT')).rowCount).toBe(1);

  const heir = await sharePostgres(folder);
  onTestFinished(heir.stop);
  expect((await administer(heir.url, 'SELECT')).rowCount).toBe(1);
  await expect(administer(String(url).trim(), 'SELECT')).rejects.toThrow('ECONNREFUSED');
});
