import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EventSourceMappingSettings, settingsOfMapping } from '../../lib/local/index.ts';
import { runCommand } from '../../lib/local/parts/run-command.ts';
import { stackName } from './app.ts';

const app = fileURLToPath(new URL('../../infra/app.ts', import.meta.url));

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: unknown }>>;
}

/** Synthesises the app as it would be deployed on AWS with this context; the settings of each mapping by its topic. */
export async function synthesisedMappings(
  context: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string | undefined, EventSourceMappingSettings>> {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-once-synth-'));
  try {
    const environment = {
      ...process.env,
      CDK_OUTDIR: folder,
      // The code is the one that is deployed already.
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
    };
    const { code, output } = await runCommand(process.execPath, [app], { environment, timeoutMs: 60_000 });
    if (code !== 0) throw new Error(`the app was not synthesised: ${output}`);
    const { Resources }: Template = JSON.parse(await readFile(join(folder, `${stackName}.template.json`), 'utf8'));
    const settings = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')
      .map(({ Properties }) => settingsOfMapping(Properties, Resources));
    return new Map(settings.map((each) => [each.topic, each]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
