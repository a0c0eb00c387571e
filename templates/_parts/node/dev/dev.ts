import { withDatabase } from './with-database.ts';

await withDatabase(['src/migrate.ts'], ['--watch', '--watch-preserve-output', 'src/server.ts']);
