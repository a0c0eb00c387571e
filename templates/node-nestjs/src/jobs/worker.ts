import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigError, loadConfig, serviceSettings } from '../config.ts';
import { coreModule } from '../core.module.ts';
import { Lifecycle } from '../lifecycle.ts';
import { createLog } from '../log.ts';
import { NestLog } from '../nest-log.ts';
import { workerSettings } from './settings.ts';
import { WorkerModule } from './worker.module.ts';

const config = readConfig();
const log = createLog(config.LOG_LEVEL);
let app: INestApplicationContext | undefined;
let stopping = false;

// Nest's own shutdown hooks would end the process by the signal again, which is no success.
async function stop(reason: string, exitCode: number): Promise<void> {
  if (stopping) {
    process.exit(1);
  }
  stopping = true;
  log.info({ reason }, 'stopping');
  // A job that was given back may still hold a connection, and so the database open.
  await Promise.race([app?.close(), sleep(config.WORKER_GRACE_SECONDS * 1000 + 1500)]);
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

app = await NestFactory.createApplicationContext(
  { module: WorkerModule, imports: [coreModule(config, log, new Lifecycle())] },
  { logger: new NestLog(log), abortOnError: false },
);

function readConfig() {
  try {
    return loadConfig({ ...serviceSettings, ...workerSettings }, process.env);
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(error.message);
      process.exit(1);
    }
    throw error;
  }
}
