/** What Node.js is given to run the worker. */
export const WORKER = ['--import=./dev/typescript.ts', 'src/jobs/worker.ts'];
