import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { isObject } from '../../lib/core/event/is-object.ts';
import { changedKeys } from './changed-keys.ts';
import { replacedResources } from './replaced-resources.ts';

/** Files with deployed templates are made by this. */
const example = 'aws cloudformation get-template --stack-name';

/**
 * Compares the template that is deployed with the one that would be.
 *
 * `contextName` is the context value that named the file, `stackName` the stack whose template it is to hold.
 *
 * @throws ConfigurationError naming each resource that would be removed or replaced, each function whose keys would change, or what is wrong with the file.
 */
export function refuseReplacements(contextName: string, file: string, stackName: string, template: unknown): void {
  const deployed = readTemplate(contextName, file, stackName);
  const replaced = replacedResources(deployed, template);
  const forgetful = changedKeys(deployed, template).map((keys) => ({ ...keys, type: 'AWS::Lambda::Function' }));
  const lost = [...replaced, ...forgetful];
  if (lost.length === 0) return;
  const lines = lost.map(({ logicalId, type, changes }) => `\n  ${logicalId} (${type}): ${changes.join('; ')}`);
  throw new ConfigurationError(
    contextName,
    `stack ${stackName} would lose what these resources hold, or what they know of records:${lines.join('')}\nPut back what changed them (a construct's path makes its logical ID). If they are to go, move what they hold first and synthesise without -c ${contextName}`,
  );
}

function readTemplate(contextName: string, file: string, stackName: string): unknown {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // The answer of get-template has the template in it; with --query TemplateBody it is the template.
    const template = isObject(parsed) && 'TemplateBody' in parsed ? parsed.TemplateBody : parsed;
    if (isObject(template) && isObject(template.Resources)) return template;
    throw new TypeError('it has no Resources');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      contextName,
      `is '${file}', which cannot be read as a template in JSON (${why}); write it by ${example} ${stackName} --query TemplateBody > ${file}`,
      { cause },
    );
  }
}
