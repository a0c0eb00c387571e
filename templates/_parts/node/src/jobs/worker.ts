import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, loadConfig } from '../config.ts';
import { createDatabase } from '../db/database.ts';
import { createLog } from '../log.ts';
import { Runner } from './runner.ts';
import { workerSettings } from './settings.ts';

const config = readConfig();
const log = createLog(config.LOG_LEVEL);
const database = createDatabase(config, log);
const runner = new Runner(config, database, log);

let stopping = false;

async function stop(reason: string, exitCode: number): Promise<void> {
  if (stopping) {
    process.exit(1);
  }
  stopping = true;
  log.info({ reason }, 'stopping');
  await runner.stop();
  // A job that was given back may still hold a connection.
  await Promise.race([database.$client.end(), sleep(500)]);
  log.info('stopped');
  log.flush(() => process.exit(exitCode));
}

function crash(err: unknown, reason: string): void {
  log.fatal({ err }, reason);
  void stop(reason, 1);
}

process.on('SIGTERM', (signal) => void stop(signal, 0));
process.on('SIGINT', (signal) => void stop(signal, 0));
process.on('uncaughtException', crash);
process.on('unhandledRejection', (err) => crash(err, 'unhandledRejection'));

runner.start().catch((err) => {
  // Told to stop, it gives up waiting for the database.
  if (!stopping) {
    crash(err, 'not started');
  }
});

function readConfig() {
  try {
    return loadConfig(workerSettings, process.env);
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(error.message);
      process.exit(1);
    }
    throw error;
  }
}
