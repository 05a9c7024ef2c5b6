import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { deployToLocalStack } from '../../lib/local/index.ts';

const endpointUrl = inject('localStackUrl');

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-once-app-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

describe('deployToLocalStack', () => {
  it('says what to install where the app has no CDK CLI', async () => {
    const folder = await folderWith({});
    await expect(deployToLocalStack({ endpointUrl, folder })).rejects.toThrow(
      `The CDK CLI is not installed in ${folder}: npm install --save-dev aws-cdk.`,
    );
  });

  it('tells what the app says when it fails, and gives it nothing of the AWS environment of the caller', async () => {
    const folder = await folderWith({
      'app.mjs': `
        const told = Object.entries(process.env).filter(([name]) => /^AWS_/.test(name));
        console.error('told:', JSON.stringify(Object.fromEntries(told)));
        process.exit(3);`,
    });
    const environment = { ...process.env, AWS_PROFILE: 'production', AWS_ENDPOINT_URL_S3: 'https://s3.example.com' };
    const app = `node ${join(folder, 'app.mjs')}`;
    const failure = await deployToLocalStack({ endpointUrl, app, environment }).catch(String);
    expect(failure).toContain('PartsError: cdk synth failed:');
    const told: unknown = JSON.parse(/told: (.*)/.exec(String(failure))?.[1] ?? '');
    expect(told).toMatchObject({ AWS_ENDPOINT_URL: endpointUrl, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local' });
    expect(told).not.toHaveProperty('AWS_PROFILE');
    expect(told).not.toHaveProperty('AWS_ENDPOINT_URL_S3');
  });

  it('names the resource that LocalStack does not make', async () => {
    const folder = await folderWith({
      'app.mjs': `
        import { writeFileSync } from 'node:fs';
        const put = (name, value) => writeFileSync(process.env.CDK_OUTDIR + '/' + name, JSON.stringify(value));
        put('Broken.template.json', { Resources: { Source: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { FunctionName: 'none', EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/c/1', Topics: ['t'] },
        } } });
        put('manifest.json', { version: '36.0.0', artifacts: { Broken: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://000000000000/us-east-1',
          properties: { templateFile: 'Broken.template.json' },
        } } });`,
    });
    const deployed = deployToLocalStack({ endpointUrl, app: `node ${join(folder, 'app.mjs')}` });
    await expect(deployed).rejects.toThrow(/cdk deploy failed:.*Broken.*Source/s);
  });
});
