import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, inject, it, onTestFinished } from 'vitest';
import { runCommand } from '../../lib/local/parts/run-command.ts';
import { writeDocExamples } from '../support/doc-examples.ts';
import { freshName } from '../support/fresh.ts';
import { itemsOf } from './deployed.ts';
import { askedCharges, startGateway } from './gateway.ts';

it('the example of docs/localstack.md deploys, and charges once', { timeout: 180_000 }, async () => {
  const [app, test] = await writeDocExamples(['docs/localstack.md']);
  await using gateway = await startGateway();
  const folder = await mkdtemp(join(tmpdir(), 'kafka-once-docs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const environment = {
    ...process.env,
    AWS_ENDPOINT_URL: inject('localStackUrl'),
    KAFKA_BROKERS: inject('kafkaBrokers').join(','),
  };
  const node = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> => {
    const all = { ...environment, ...more };
    const { code, output } = await runCommand(process.execPath, args, { environment: all, timeoutMs: 170_000 });
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  };
  await node([app?.file ?? ''], { CDK_OUTDIR: folder, CDK_CONTEXT_JSON: '{"aws:cdk:bundling-stacks":[]}' });
  const options = {
    app: `node ${app?.file}`,
    templateFile: join(folder, 'Shop.template.json'),
    topic: freshName('orders'),
  };
  const script = `
    import { orderTwice } from ${JSON.stringify(pathToFileURL(test?.file ?? ''))};
    const table = await orderTwice(${JSON.stringify(gateway.url)}, ${JSON.stringify(options)});
    console.log('table=' + table);;`;
  const output = await node(['--input-type=module-typescript', '--eval', script]);
  expect(await askedCharges(gateway.url)).toMatchObject([{ reference: '42', status: 201 }]);
  const markers = await itemsOf(/table=(\S+)$/m.exec(output)?.[1] ?? '');
  expect(markers.filter(({ source }) => source?.S?.startsWith(options.topic))).toMatchObject([
    { status: { S: 'COMPLETED' } },
  ]);
});
