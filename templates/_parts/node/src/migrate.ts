import { ConfigError, databaseSettings, loadConfig } from './config.ts';
import { migrate } from './db/migrations.ts';
import { createLog } from './log.ts';

try {
  const config = loadConfig(databaseSettings, process.env);
  await migrate(config.DATABASE_URL);
  createLog(config.LOG_LEVEL).info('the database is up to date');
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
