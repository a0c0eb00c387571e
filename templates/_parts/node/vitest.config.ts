import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Nothing in a module changes, so that files can share their imports.
    isolate: false,
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: 30_000,
  },
});
