import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Property tests do a second's work each, and many seconds' on a loaded machine. */
const testTimeout = 60_000;

/** For projects whose tests share servers: one file at a time, and not beside the unit tests, which take every core. */
const onServers = { testTimeout, hookTimeout: 120_000, fileParallelism: false };

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'test/unit/**/*.test.ts',
            'test/property/**/*.test.ts',
            'test/types/**/*.test.ts',
            'test/contract/memory*.test.ts',
            'test/prove/harness/**/*.test.ts',
          ],
          testTimeout,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // A hundred thousand schedules: once for a change, not for each version of Node.
          name: 'prove',
          include: ['test/prove/memory/**/*.test.ts'],
          testTimeout,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...onServers,
          name: 'integration',
          // The end-to-end tests are no project of their own: that would start the servers a second time.
          include: [
            'test/integration/**/*.test.ts',
            'test/contract/*.test.ts',
            'test/e2e/**/*.test.ts',
            'test/prove/dynamodb/*.test.ts',
          ],
          exclude: ['test/contract/memory*.test.ts'],
          globalSetup: ['test/support/parts.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...onServers,
          name: 'localstack',
          include: ['test/localstack/**/*.test.ts'],
          globalSetup: ['test/localstack/global-setup.ts'],
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
export default config;
