import { withDatabase } from './with-database.ts';

await withDatabase(
  ['src/migrate.ts'],
  [
    '--watch',
    '--watch-preserve-output',
    '--enable-source-maps',
    '--import=./dev/typescript.ts',
    'src/main.ts',
  ],
);
