import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { isObject } from '../../lib/core/event/is-object.ts';
import { changedKeys } from './changed-keys.ts';
import { mistakenReports } from './mistaken-reports.ts';
import { replacedResources } from './replaced-resources.ts';

/** Files with deployed templates are made by this. */
const example = 'aws cloudformation get-template --stack-name';

/**
 * Compares the template that is deployed with the one that would be.
 *
 * `contextName` is the context value that named the file, `stackName` the stack whose template it is to hold.
 *
 * @throws ConfigurationError naming each resource that would be removed or replaced, each function whose keys would change, each mapping that would take reports for successes, or what is wrong with the file.
 */
export function refuseReplacements(contextName: string, file: string, stackName: string, template: unknown): void {
  const deployed = readTemplate(contextName, file, stackName);
  const replaced = replacedResources(deployed, template);
  const forgetful = changedKeys(deployed, template).map((keys) => ({ ...keys, type: 'AWS::Lambda::Function' }));
  const lost = [...replaced, ...forgetful];
  const mistaken = mistakenReports(deployed, template);
  const said: string[] = [];
  if (lost.length > 0) {
    const lines = lost.map(({ logicalId, type, changes }) => `\n  ${logicalId} (${type}): ${changes.join('; ')}`);
    said.push(
      `stack ${stackName} would lose what these resources hold, or what they know of records:${lines.join('')}\nPut back what changed them (a construct's path makes its logical ID). If they are to go, move what they hold first and synthesise without -c ${contextName}`,
    );
  }
  if (mistaken.length > 0) {
    const lines = mistaken.map(({ logicalId, why }) => `\n  ${logicalId}: ${why}`);
    said.push(
      `stack ${stackName} would lose records: CloudFormation updates function and mapping one after the other, and in between a mapping takes for success what a function reports as failed:${lines.join('')}\n${twoDeployments}`,
    );
  }
  if (said.length > 0) throw new ConfigurationError(contextName, said.join('\n'));
}

const twoDeployments =
  'Deploy twice, first with -c partialResponses=mapping. To switch reports on, -c partialResponses=report follows when the mapping is Enabled and has ReportBatchItemFailures; to switch them off, -c partialResponses=off when the function is updated and its time-out has passed. With the construct: reportBatchItemFailures goes on before failureReporting, and off after it';

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
