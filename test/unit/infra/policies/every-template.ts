import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../../../infra/config/configuration.ts';
import { makeStacks } from '../../../../infra/stacks/make-stacks.ts';
import { appContexts } from '../../../../scripts/synth/app-contexts.ts';
import { account, region } from '../../../../scripts/synth/matrix-resources.ts';
import { synthesiseMatrix } from '../../../../scripts/synth/synthesise-matrix.ts';

/** The templates that `npm run synth` writes, by name; functions are not bundled. */
export function everyTemplate(): readonly (readonly [name: string, template: unknown])[] {
  const ofMatrix = synthesiseMatrix({ bundle: false }).templates.map(
    ({ name, path }) => [name, JSON.parse(readFileSync(path, 'utf8'))] as const,
  );
  const ofApp = Object.entries(appContexts).flatMap(([name, context]) => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false });
    makeStacks(app, readConfiguration(context), { account, region });
    return app.synth().stacks.map(({ stackName, template }) => [`${name}/${stackName}`, template] as const);
  });
  return [...ofMatrix, ...ofApp];
}
