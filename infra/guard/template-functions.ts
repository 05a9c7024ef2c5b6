import { isObject } from '../../lib/core/event/is-object.ts';
import { environmentVariables } from '../../lib/handler/options/environment.ts';

/** A function of a template that has a namespace. */
export interface TemplateFunction {
  readonly logicalId: string;
  /** As JSON, because a value may be a reference. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The functions of a template that have a namespace; none of what is no template. */
export function templateFunctions(template: unknown): readonly TemplateFunction[] {
  if (!isObject(template) || !isObject(template.Resources)) return [];
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || resource.Type !== 'AWS::Lambda::Function' || !isObject(resource.Properties)) return [];
    const { Environment: environment } = resource.Properties;
    const variables = isObject(environment) ? environment.Variables : undefined;
    if (!isObject(variables) || !(environmentVariables.namespace in variables)) return [];
    const texts = Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)] as const);
    return [{ logicalId, variables: Object.fromEntries(texts) }];
  });
}

/** The same function in another template; under another name it is known by its namespace, which stays with the construct's path. */
export function counterpart(
  { logicalId, variables }: TemplateFunction,
  others: readonly TemplateFunction[],
): TemplateFunction | undefined {
  const { namespace } = environmentVariables;
  return (
    others.find((other) => other.logicalId === logicalId) ??
    others.find((other) => other.variables[namespace] === variables[namespace])
  );
}
