import type { Template } from 'aws-cdk-lib/assertions';

/** A statement of a role's policy, its actions and resources sorted. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Every statement of every role's policy in the template. All of them allow, and none has conditions. */
export function statementsOf(template: Template): readonly Statement[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  return policies
    .flatMap((policy) => list(policy.Properties.PolicyDocument.Statement))
    .map((statement) => {
      const { Action, Effect, Resource, ...others } = Object(statement);
      if (Effect !== 'Allow' || Object.keys(others).length > 0)
        throw new Error(`not plain: ${JSON.stringify(statement)}`);
      return { actions: list(Action).map(String).sort(), resources: list(Resource).map(shortened).sort() };
    });
}

/** The resources on which an action is allowed. */
export function resourcesOf(statements: readonly Statement[], action: string): readonly string[] {
  return statements.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);
}

/**
 * A resolved value in words: `Fn::Join` is joined, `Ref` and `Fn::GetAtt` are `<name>`, `Fn::Select` of `Fn::Split` is
 * `<source split at "…" [n]>`, and in `Fn::Sub` the names are replaced by what they stand for.
 */
export function inWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inWords);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, content] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return `<${content}>`;
    if (name === 'Fn::GetAtt') return `<${list(content).join('.')}>`;
    if (name === 'Fn::Join') return list(content[1]).map(inWords).join(content[0]);
    if (name === 'Fn::Select') return `<${inWords(content[1])} [${content[0]}]>`;
    if (name === 'Fn::Sub') return substituted(list(content));
    if (name === 'Fn::Split') return `${inWords(content[1])} split at "${content[0]}"`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inWords(member)]));
}

function substituted([text, variables]: readonly unknown[]): string {
  const values = new Map(Object.entries(Object(variables)));
  return String(text).replaceAll(/\$\{([^}]+)\}/g, (_, name) => String(inWords(values.get(name) ?? { Ref: name })));
}

function shortened(resource: unknown): string {
  return String(inWords(resource)).replace('arn:<AWS::Partition>:', 'arn:aws:');
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
