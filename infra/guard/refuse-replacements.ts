import { type Stack, Stage } from 'aws-cdk-lib/core';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { refuseLosses } from './refuse-losses.ts';

/**
 * Compares a stack with its deployed template, where the context names a file with that: `-c deployedTemplate=deployed.json`.
 * Without the context value it does nothing.
 *
 * Call it when everything is in the app, because it synthesises. An app of several stacks gives each its own `contextName`;
 * default: `deployedTemplate`. The file is what `aws cloudformation get-template --query TemplateBody` answers.
 *
 * @throws ConfigurationError naming each table, queue, bucket, log group, key or cluster that would be removed or replaced, each function whose keys would change, each event source mapping that AWS would not change, replace or let lose records, or what is wrong with the file.
 */
export function refuseReplacements(stack: Stack, contextName = 'deployedTemplate'): void {
  const file: unknown = stack.node.tryGetContext(contextName);
  if (file === undefined) return;
  if (typeof file !== 'string' || file === '') {
    throw new ConfigurationError(contextName, `is ${JSON.stringify(file)}; expected is a file`);
  }
  const stage = Stage.of(stack);
  if (stage === undefined) {
    throw new ConfigurationError('stack', `${stack.stackName} is in no app, so nothing is synthesised`);
  }
  const { template } = stage.synth().getStackArtifact(stack.artifactId);
  // An empty stack has no Resources at all.
  refuseLosses(contextName, file, stack.stackName, { Resources: {}, ...template });
}
