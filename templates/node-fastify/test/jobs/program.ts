/** What Node.js is given to run the worker. */
export const WORKER = ['src/jobs/worker.ts'];
