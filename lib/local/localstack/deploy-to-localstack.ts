import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '../../core/event/is-object.ts';
import { LOCAL_REGION } from '../parts/probe.ts';
import { type CdkCli, cdkCli } from './cdk-cli.ts';
import { atEndpoint } from './localstack-name.ts';

/**
 * What is deployed, and where.
 *
 * - `endpointUrl`: of `startLocalStack`.
 * - `folder`: of the CDK app, with its `cdk.json` and the `aws-cdk` that it depends on. Default: the working directory.
 * - `app`: the command that synthesises, default: `app` of `cdk.json`.
 * - `context`: context values, as behind `-c`.
 * - `environment`: of the app; `AWS_` variables in it are left out. Default: `process.env`.
 */
export interface DeployToLocalStackOptions {
  readonly endpointUrl: string;
  readonly folder?: string;
  readonly app?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Outputs by the stack's name and their own: `outputs.Orders?.FunctionName`. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Deploys all stacks of a CDK app to LocalStack with the CDK CLI, bootstrapping included, and resolves to their outputs.
 *
 * The CLI gets an environment without AWS variables or profiles, so that no other endpoint or account can be meant. It
 * takes 15 to 40 seconds. LocalStack makes no Kafka event source mapping: the stacks have to be without one. Queue URLs in the outputs
 * have `endpointUrl` where LocalStack names itself `localhost.localstack.cloud`.
 *
 * @throws PartsError when `aws-cdk` is not installed or the CLI fails, with the end of its output.
 */
export async function deployToLocalStack(options: DeployToLocalStackOptions): Promise<StackOutputs> {
  const work = await mkdtemp(join(tmpdir(), 'kafka-once-deploy-'));
  try {
    const cdk = cdkCli({
      endpointUrl: options.endpointUrl,
      work,
      folder: options.folder ?? process.cwd(),
      environment: options.environment ?? process.env,
    });
    const assembly = join(work, 'cdk.out');
    await Promise.all([cdk('bootstrap', `aws://${LOCAL_ACCOUNT}/${LOCAL_REGION}`), synthesise(cdk, assembly, options)]);
    const outputs = join(work, 'outputs.json');
    await cdk('deploy', '--all', '--app', assembly, '--require-approval', 'never', '--outputs-file', outputs);
    return stackOutputs(atEndpoint(await readFile(outputs, 'utf8'), options.endpointUrl));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** LocalStack's own, for every access key that is no account's number. */
const LOCAL_ACCOUNT = '000000000000';

async function synthesise(
  cdk: CdkCli,
  assembly: string,
  { app, context = {} }: DeployToLocalStackOptions,
): Promise<void> {
  const values = Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${value}`]);
  await cdk('synth', '--quiet', '--output', assembly, ...values, ...(app === undefined ? [] : ['--app', app]));
}

function stackOutputs(json: string): StackOutputs {
  const stacks: unknown = JSON.parse(json);
  return Object.fromEntries(
    Object.entries(isObject(stacks) ? stacks : {}).map(([stack, outputs]) => [stack, texts(outputs)]),
  );
}

function texts(outputs: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isObject(outputs) ? outputs : {}).map(([name, value]) => [name, String(value)]),
  );
}
