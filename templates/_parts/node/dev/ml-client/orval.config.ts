import { defineConfig } from 'orval';

/** `npm run client` makes `src/ml-client/generated.ts` from the ML service's own description. */
export default defineConfig({
  ml: {
    input: { target: '../../node_modules/.ml-openapi.json', filters: { tags: ['predictions'] } },
    output: {
      client: 'zod',
      target: '../../src/ml-client/generated.ts',
      override: {
        header: () => ['Made by `npm run client`, from what the ML service says of itself.'],
        operationName: () => 'predict',
        // What the ML service does not know it refuses; what it adds to its answers is left out here.
        zod: { strict: { body: true, response: false } },
      },
    },
  },
});
