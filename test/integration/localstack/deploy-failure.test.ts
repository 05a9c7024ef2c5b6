import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deployToLocalStack } from '../../../lib/local/index.ts';

/** Deploys with a CDK CLI that says this and fails; as the real one said it of a function on LocalStack in a container. */
async function deployWith(reason: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bin = join(folder, 'node_modules/aws-cdk/bin');
  await mkdir(bin, { recursive: true });
  const said = `Resource updates failed:\n  Error while creating lambda: ${reason}\nSource Location: consumer-function.ts:56\n`;
  await writeFile(join(bin, 'cdk.js'), `process.stderr.write(${JSON.stringify(said)}); process.exitCode = 1;\n`);
  const deployed = deployToLocalStack({ endpointUrl: 'http://127.0.0.1:1', folder, environment: {} });
  return deployed.then(String, String);
}

describe('a deployment that fails', () => {
  it('is told with what may be the reason where LocalStack gives none', async () => {
    expect(await deployWith('')).toMatch(
      /creating lambda: \nSource Location: .*:56\nLocalStack's Docker engine has to pull the image .*KAFKA_ONCE_LOCALSTACK=processes needs no image\.$/s,
    );
  });

  it('is told in the words of LocalStack alone where it gives one', async () => {
    expect(await deployWith('Installation of lambda-runtime failed.')).toMatch(/Source Location: .*:56$/);
  });
});
