import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../scripts/run-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const gateway = { paymentGatewayUrl: 'https://payments.example.com' };
const folder = temporaryFolder('app');
const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const absent = join(folder, 'absent.json');
const table = { Type: 'AWS::DynamoDB::Table', Properties: {} };

/** The app as the CDK CLI runs it. Functions are not bundled. */
function runApp(context: object) {
  return runCommand(process.execPath, ['infra/app.ts'], {
    env: {
      CDK_OUTDIR: join(folder, 'cdk.out'),
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
      CDK_VALIDATION: 'false',
    },
  });
}

describe('the app, run as a program,', () => {
  it('ends with 0 and tells nothing where all is well', async () => {
    const { code, output } = await runApp({ ...gateway, localstack: 'true' });
    expect(output).not.toContain('Error');
    expect(code).toBe(0);
  });

  it.each<[string, object, string]>([
    ['no context', {}, 'mskClusterArn: '],
    ['a value that is wrong', { ...gateway, localstack: 'perhaps' }, 'localstack: '],
    [
      'a deployed template that is not there',
      { ...gateway, localstack: 'true', deployedTemplate: absent },
      `deployedTemplate: is '${absent}', which cannot be read`,
    ],
    [
      'a deployed table that would go',
      {
        ...gateway,
        localstack: 'true',
        deployedTemplate: written('deployed.json', JSON.stringify({ Resources: { Old: table } })),
      },
      'deployedTemplate: stack KafkaOnce would lose',
    ],
  ])('ends with 1 for %s, and says what is wrong, not where it was noticed', async (_, context, message) => {
    const { code, output } = await runApp(context);
    expect(output).toContain(message);
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
});
