import { App, Stack } from 'aws-cdk-lib/core';
import { matrix, matrixConsumer } from './matrix.ts';
import { account, region } from './matrix-resources.ts';
import type { NamedTemplate } from './named-template.ts';

export interface SynthesisedMatrix {
  readonly app: App;
  readonly templates: readonly NamedTemplate[];
}

/** Synthesises every row of the matrix as a stack of one app, so that the handler is bundled once, or not at all. */
export function synthesiseMatrix(options: { readonly outdir?: string; readonly bundle: boolean }): SynthesisedMatrix {
  const app = new App({
    ...(options.outdir !== undefined && { outdir: options.outdir }),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: options.bundle ? {} : { 'aws:cdk:bundling-stacks': [] },
  });
  for (const [name, props] of Object.entries(matrix)) {
    const stack = new Stack(app, name, { env: { account, region } });
    try {
      matrixConsumer(stack, props(stack));
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  const templates = app.synth().stacks.map(({ stackName, templateFullPath }) => ({
    name: stackName,
    path: templateFullPath,
  }));
  return { app, templates };
}
