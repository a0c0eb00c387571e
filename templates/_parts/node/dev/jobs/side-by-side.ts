import { spawn } from 'node:child_process';
import { once } from 'node:events';

const WATCH = ['--watch', '--watch-preserve-output'];

/** The service and its worker, each restarting on change; both end with this process. */
const children = ['src/server.ts', 'src/jobs/worker.ts'].map((file) =>
  spawn(process.execPath, [...WATCH, file], { stdio: 'inherit' }),
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const child of children) {
      child.kill('SIGTERM');
    }
  });
}
await Promise.all(children.map((child) => once(child, 'exit')));
