import fs from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startPostgres } from '../../dev/postgres.ts';
import { administer } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

test('the data outlive the server', async () => {
  const folder = temporaryFolder();
  const first = await startPostgres(folder);
  await administer(first.url, 'CREATE TABLE kept ()');
  first.stop();
  await expect(administer(first.url, 'SELECT')).rejects.toThrow('ECONNREFUSED');

  const second = await startPostgres(folder);
  onTestFinished(second.stop);
  expect((await administer(second.url, 'SELECT FROM kept')).rowCount).toBe(0);
});

test('whatever the environment says of other servers is ignored', async () => {
  vi.stubEnv('PGPORT', '1');
  vi.stubEnv('PGDATA', '/nowhere');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const postgres = await startPostgres(temporaryFolder());
  onTestFinished(postgres.stop);
  expect((await administer(postgres.url, 'SELECT')).rowCount).toBe(1);
});

test('a process that has the id of a dead server is not taken for it', async () => {
  const folder = temporaryFolder();
  const first = await startPostgres(folder);
  const [file = ''] = fs.globSync(`${folder}/data-*/postmaster.pid`);
  const notes = fs.readFileSync(file, 'utf8');
  first.stop();

  // As after a crash, and a restart of the machine or the container.
  fs.writeFileSync(file, notes.replace(/^\d+/, String(process.ppid)));
  const second = await startPostgres(folder);
  onTestFinished(second.stop);
  expect((await administer(second.url, 'SELECT')).rowCount).toBe(1);
});
