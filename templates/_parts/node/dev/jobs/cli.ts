import { withDatabase } from '../with-database.ts';

await withDatabase(['src/jobs/cli.ts', ...process.argv.slice(2)]);
