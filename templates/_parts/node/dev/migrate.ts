import { withDatabase } from './with-database.ts';

await withDatabase(['src/migrate.ts']);
