import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { changedKeys } from './changed-keys.ts';
import { fixedMappings } from './fixed-mappings.ts';
import { mistakenReports } from './mistaken-reports.ts';
import { readTemplate } from './read-template.ts';
import { replacedMappings } from './replaced-mappings.ts';
import { replacedResources } from './replaced-resources.ts';

/**
 * Compares the template that is deployed with the one that would be.
 *
 * `contextName` is the context value that named the file, `stackName` the stack whose template it is to hold.
 *
 * @throws ConfigurationError naming each resource that would be removed or replaced, each function whose keys would change, each mapping that would take reports for successes, that AWS would not change or that would be replaced, or what is wrong with the file.
 */
export function refuseLosses(contextName: string, file: string, stackName: string, template: unknown): void {
  const deployed = readTemplate(contextName, file, stackName);
  const lost = [
    ...replacedResources(deployed, template),
    ...changedKeys(deployed, template).map((keys) => ({ ...keys, type: 'AWS::Lambda::Function' })),
  ];
  const said = [
    told(
      'would lose what these resources hold, or what they know of records',
      lost.map(({ type, ...resource }) => ({ ...resource, type: ` (${type})` })),
      `Put back what changed them (a construct's path makes its logical ID). If they are to go, move what they hold first and synthesise without -c ${contextName}`,
    ),
    told(
      'would lose records: CloudFormation updates function and mapping one after the other, and in between a mapping takes for success what a function reports as failed',
      mistakenReports(deployed, template).map(({ logicalId, why }) => ({ logicalId, changes: [why] })),
      twoDeployments,
    ),
    told(
      'would go on as before: AWS changes neither topic nor consumer group of an event source mapping, and CloudFormation reports success',
      fixedMappings(deployed, template),
      `Make a new consumer for it, beside this one until this one is done. Or, where what this one has not read may stay unread, ${anew}`,
    ),
    told(
      'would replace event source mappings, and CloudFormation makes the new one before the old one goes: AWS refuses it, or the consumer group has two',
      replacedMappings(deployed, template),
      `Put back what changed them; a starting position means nothing to a consumer group that has read. Or ${anew}`,
    ),
  ].filter((text) => text !== undefined);
  if (said.length > 0)
    throw new ConfigurationError(contextName, said.map((text) => `stack ${stackName} ${text}`).join('\n'));
}

interface Told {
  readonly logicalId: string;
  readonly type?: string;
  readonly changes: readonly string[];
}

function told(what: string, resources: readonly Told[], wayOut: string): string | undefined {
  if (resources.length === 0) return undefined;
  const lines = resources.map(({ logicalId, type = '', changes }) => `\n  ${logicalId}${type}: ${changes.join('; ')}`);
  return `${what}:${lines.join('')}\n${wayOut}`;
}

const anew =
  "deploy twice: first without the mapping and all else unchanged (the construct's eventSourceMapping: 'none', or -c eventSourceMappings=none of kafka-once's own app), then with a mapping and the new values. The consumer group keeps its place meanwhile";

const twoDeployments =
  'Deploy twice, first with -c partialResponses=mapping. To switch reports on, -c partialResponses=report follows when the mapping is Enabled and has ReportBatchItemFailures; to switch them off, -c partialResponses=off when the function is updated and its time-out has passed. With the construct: reportBatchItemFailures goes on before failureReporting, and off after it';
