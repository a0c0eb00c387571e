import { createApp, settings } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';
import { createLog } from './log.ts';
import { shutDown } from './shutdown.ts';

const config = readConfig();
const log = createLog(config.LOG_LEVEL);
const app = createApp(config, log);

let stopping = false;

async function stop(reason: string, exitCode: number, drainSeconds: number): Promise<void> {
  if (stopping) {
    process.exit(1);
  }
  stopping = true;
  log.info({ reason }, 'stopping');
  await shutDown(app, drainSeconds);
  log.flush(() => process.exit(exitCode));
}

function crash(err: unknown, reason: string): void {
  log.fatal({ err }, reason);
  void stop(reason, 1, 0);
}

process.on('SIGTERM', (signal) => void stop(signal, 0, config.DRAIN_SECONDS));
process.on('SIGINT', (signal) => void stop(signal, 0, config.DRAIN_SECONDS));
process.on('uncaughtException', crash);
process.on('unhandledRejection', (err) => crash(err, 'unhandledRejection'));

await app.listen({
  host: config.HOST,
  port: config.PORT,
  listenTextResolver: (address) => `listening at ${address}`,
});

function readConfig() {
  try {
    return loadConfig(settings, process.env);
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(error.message);
      process.exit(1);
    }
    throw error;
  }
}
