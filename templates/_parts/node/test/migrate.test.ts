import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { test } from './support/service.ts';

const migrate = (DATABASE_URL: string) =>
  promisify(execFile)(process.execPath, ['src/migrate.ts'], {
    env: { PATH: process.env.PATH, DATABASE_URL },
  });

test('the command brings the database up to date', async ({ databaseUrl }) => {
  const { stdout } = await migrate(databaseUrl);
  expect(JSON.parse(stdout)).toMatchObject({ msg: 'the database is up to date' });
});

test('the command fails without a database, and says which variable is wrong', async () => {
  await expect(migrate('nonsense')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^DATABASE_URL must look like/),
  });
});
