import { ConfigError, databaseSettings, loadConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { connect } from './connect.ts';
import { listDeadLetters, retryDeadLetter } from './dead-letters.ts';

const USAGE = `usage: jobs failed        list the jobs that have failed for good
       jobs retry ID...   have some tried again`;

const [command, ...ids] = process.argv.slice(2);

try {
  const config = loadConfig(databaseSettings, process.env);
  const isFailed = command === 'failed' && ids.length === 0;
  if (!isFailed && (command !== 'retry' || ids.length === 0)) {
    console.error(USAGE);
    process.exit(2);
  }
  const log = createLog('warn', process.stderr);
  const boss = connect(config.DATABASE_URL, log, { application_name: 'jobs', max: 1 });
  await boss.start();
  try {
    for (const letter of isFailed ? await listDeadLetters(boss) : []) {
      const { id, job, failedAt, attempts, payload, error } = letter;
      const what = `${job} ${JSON.stringify(payload)}`;
      console.log(`${id}  ${failedAt.toISOString()}  ${what}  attempts: ${attempts}\n    ${error}`);
    }
    for (const id of ids) {
      const outcome = await retryDeadLetter(boss, id);
      console.log(`${id}  ${outcome}`);
      process.exitCode ||= outcome === 'sent' ? 0 : 1;
    }
  } finally {
    await boss.stop({ graceful: false });
  }
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
