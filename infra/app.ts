import { App } from 'aws-cdk-lib/core';
import { ConfigurationError } from '../lib/core/errors/errors.ts';
import { synthesize } from './stacks/synthesize.ts';

const app = new App();
try {
  synthesize(app, process.env);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // Whoever gave a wrong value wants to know which, not where we noticed.
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
