import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib/core';
import { RootConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { IdempotencyTable, refuseReplacements } from '../../../../infra/index.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'refuse-replacements-'));
const written = (name: string, template: unknown): string => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(template));
  return file;
};
const appOf = (context: object): App =>
  new App({ context: { ...context }, builtinCloudFormationValidation: false, analyticsReporting: false });

/** A stack with a table, as an app of somebody's own has it. */
function stackWith(context: object, tableName = 'markers', id = 'Shop'): Stack {
  const stack = new Stack(appOf(context), id);
  new IdempotencyTable(stack, 'Idempotency', { tableName });
  return stack;
}
function templateOf(stack: Stack): unknown {
  return Stage.of(stack)?.synth().getStackArtifact(stack.artifactId).template;
}
const deployed = written('deployed', templateOf(stackWith({})));

describe('refuseReplacements', () => {
  it('refuses a table that would be replaced, naming its property', () => {
    const context = { deployedTemplate: deployed };
    expect(() => refuseReplacements(stackWith(context))).not.toThrow();
    const replacing = () => refuseReplacements(stackWith(context, 'others'));
    expect(replacing).toThrow(ConfigurationError);
    expect(replacing).toThrow(
      /^deployedTemplate: stack Shop would lose .*\n {2}Idempotency\w+ \(AWS::DynamoDB::Table\): TableName changes from "markers" to "others"/,
    );
  });

  it('compares a stack in a stage, under its own name', () => {
    const stage = new Stage(appOf({ deployedTemplate: deployed }), 'Production');
    const stack = new Stack(stage, 'Shop');
    expect(() => refuseReplacements(stack)).toThrow('stack Production-Shop would lose');
  });

  it('compares each stack with the file that its own context value names', () => {
    const context = { deployedTemplate: deployed, deployedBilling: written('billing', { Resources: {} }) };
    expect(() => refuseReplacements(stackWith(context, 'others'), 'deployedBilling')).not.toThrow();
    expect(() => refuseReplacements(stackWith({ deployedTemplate: 'absent.json' }), 'deployedBilling')).not.toThrow();
    expect(() => refuseReplacements(stackWith({ deployedBilling: deployed }, 'others'), 'deployedBilling')).toThrow(
      /^deployedBilling: /,
    );
  });

  it('lets everything be without a file', () => {
    expect(() => refuseReplacements(stackWith({}, 'others'))).not.toThrow();
  });

  it.each([
    ['nope.json', "deployedTemplate: is 'nope.json', which cannot be read"],
    ['', 'deployedTemplate: is ""; expected is a file'],
    [true, 'deployedTemplate: is true; expected is a file'],
  ])('refuses %j, which is no file with a template', (file, message) => {
    expect(() => refuseReplacements(stackWith({ deployedTemplate: file }))).toThrow(message);
  });

  it('refuses a stack that nothing synthesises', () => {
    const root = new RootConstruct();
    root.node.setContext('deployedTemplate', deployed);
    expect(() => refuseReplacements(new Stack(root, 'Alone'))).toThrow(/^stack: Alone\w+ is in no app/);
  });
});
