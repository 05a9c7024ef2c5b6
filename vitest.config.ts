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
          ],
          testTimeout,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...onServers,
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/contract/*.test.ts'],
          exclude: ['test/contract/memory*.test.ts'],
          globalSetup: ['test/support/parts.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...onServers,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // The same servers: the set-up of the first project names them in the environment, and this one takes them.
          globalSetup: ['test/support/parts.ts'],
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...onServers,
          name: 'localstack',
          include: ['test/localstack/**/*.test.ts'],
          globalSetup: ['test/localstack/global-setup.ts'],
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
export default config;
