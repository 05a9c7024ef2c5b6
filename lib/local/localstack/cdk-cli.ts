import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { PartsError } from '../parts/parts-error.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../parts/probe.ts';
import { runCommand } from '../parts/run-command.ts';

const TIMEOUT_MS = 5 * 60_000;

/** How LocalStack reports a function whose image its engine could not pull: with no reason. */
const WITHOUT_REASON = /Error while creating lambda: *$/m;
const NO_IMAGE =
  "LocalStack's Docker engine has to pull the image of the function's runtime from public.ecr.aws, also one that it has. " +
  'KAFKA_ONCE_LOCALSTACK=processes needs no image.';

/** Runs a command of the CDK CLI to its end; rejects with the end of its output when it fails. */
export type CdkCli = (command: 'bootstrap' | 'synth' | 'deploy', ...args: readonly string[]) => Promise<void>;

/**
 * The CDK CLI of the app in `folder`, pointed at LocalStack.
 *
 * @throws PartsError when the app has no `aws-cdk` installed.
 */
export function cdkCli(options: {
  readonly endpointUrl: string;
  readonly work: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}): CdkCli {
  const cli = cliOf(options.folder);
  const environment = cliEnvironment(options);
  return async (command, ...args) => {
    const all = [cli, command, '--no-notices', ...args];
    // Where it finds an app, it synthesises that first.
    const folder = command === 'bootstrap' ? options.work : options.folder;
    const { code, output } = await runCommand(process.execPath, all, { environment, timeoutMs: TIMEOUT_MS, folder });
    if (code === 0) return;
    const hint = WITHOUT_REASON.test(output) ? `\n${NO_IMAGE}` : '';
    throw new PartsError(`cdk ${command} failed:\n${output.slice(-4000).trimEnd()}${hint}`);
  };
}

function cliOf(folder: string): string {
  try {
    return createRequire(join(folder, 'package.json')).resolve('aws-cdk/bin/cdk');
  } catch (cause) {
    throw new PartsError(`The CDK CLI is not installed in ${folder}: npm install --save-dev aws-cdk.`, { cause });
  }
}

/** Without the caller's AWS variables and profiles: one of them could send the CLI elsewhere. */
function cliEnvironment({
  endpointUrl,
  work,
  environment,
}: {
  readonly endpointUrl: string;
  readonly work: string;
  readonly environment: NodeJS.ProcessEnv;
}): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS|CDK)_/.test(name))),
    // The app's `node` is this one.
    PATH: [dirname(process.execPath), environment.PATH ?? ''].join(delimiter),
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: join(work, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(work, 'no-credentials'),
    CDK_HOME: join(work, 'home'),
    CDK_DISABLE_CLI_TELEMETRY: '1',
  };
}
