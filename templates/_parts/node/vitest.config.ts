import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Nothing in a module changes, so that files can share their imports.
    isolate: false,
    // They wait for the database more than they compute.
    maxWorkers: '100%',
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: 30_000,
  },
});
