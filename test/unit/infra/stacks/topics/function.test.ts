import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ClusterStack } from '../../../../../infra/stacks/cluster-stack.ts';
import { topicsFrom, topicsText } from '../../../../../infra/stacks/topics/new-topic.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const run = promisify(execFile);

describe('the function that makes topics', () => {
  it('runs as it is bundled', async () => {
    const outdir = temporaryFolder('topics');
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    const topics = [{ topic: 'orders', partitions: 1 }];
    new ClusterStack(app, 'Cluster', { topics });
    app.synth();
    const asset = readdirSync(outdir).find((name) => existsSync(join(outdir, name, 'index.mjs'))) ?? '';
    // Node would print the line of the bundle before the message, and cut both off where a pipe is full.
    const calls =
      'const { handler } = await import(process.argv[1]); await handler().catch(({ message }) => { throw message; });';
    const invoke = (TOPICS: string) =>
      run(process.execPath, ['--input-type=module', '-e', calls, join(outdir, asset, 'index.mjs')], {
        env: { TOPICS, BOOTSTRAP_BROKERS: '127.0.0.1:1', AWS_REGION: 'eu-central-1' },
      });
    await invoke('[]');
    await expect(invoke('{}')).rejects.toThrow('expected are topics with partitions, not {}');
  });

  it('is told of topics by its environment', () => {
    const topics = [{ topic: 'orders', partitions: 3 }];
    expect(topicsFrom(topicsText(topics))).toEqual(topics);
    for (const wrong of ['{}', '["orders"]', '[{"topic":"orders"}]', '[{"topic":1,"partitions":1}]']) {
      expect(() => topicsFrom(wrong)).toThrow(`not ${wrong}`);
    }
  });
});
