import { withDatabase } from '../with-database.ts';

await withDatabase(['src/migrate.ts'], ['dev/jobs/side-by-side.ts']);
