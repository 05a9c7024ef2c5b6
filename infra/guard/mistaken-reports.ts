import { isObject } from '../../lib/core/event/is-object.ts';
import { environmentVariables } from '../../lib/handler/options/environment.ts';
import { counterpart, type TemplateFunction, templateFunctions } from './template-functions.ts';

/** A mapping that would, during an update of its stack, take the reports of a function for successes. */
export interface MistakenReports {
  /** The mapping's logical ID. */
  readonly logicalId: string;
  /** The function and topics whose reports it does not know, and which of the two templates it is in. */
  readonly why: string;
}

/**
 * The mappings that do not take partial batch responses on one side of an update, while the function gives them on the other.
 *
 * CloudFormation updates function and mapping one after the other, so both sides are at work at once.
 */
export function mistakenReports(before: unknown, after: unknown): readonly MistakenReports[] {
  const [old, young] = [templateFunctions(before), templateFunctions(after)];
  const comesOn = young.flatMap((one) =>
    deafMappings(before, counterpart(one, old), reportedTopics(one)).map(({ logicalId, topics }) => ({
      logicalId,
      why: `is deployed without ReportBatchItemFailures, and ${one.logicalId} would report for ${topics}`,
    })),
  );
  const goesOff = old.flatMap((one) =>
    deafMappings(after, counterpart(one, young), reportedTopics(one)).map(({ logicalId, topics }) => ({
      logicalId,
      why: `would lose ReportBatchItemFailures, and ${one.logicalId} is deployed so that it reports for ${topics}`,
    })),
  );
  return [...comesOn, ...goesOff];
}

/** Topics whose records a function may report; undefined where only the deployment knows which. */
function reportedTopics({ variables }: TemplateFunction): readonly string[] | undefined {
  const topics: unknown = JSON.parse(variables[environmentVariables.reportTopics] ?? '""');
  if (typeof topics !== 'string') return undefined;
  return topics
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
}

/** The mappings of a function that read one of these topics and do not take partial batch responses. */
function deafMappings(
  template: unknown,
  of: TemplateFunction | undefined,
  reported: readonly string[] | undefined,
): readonly { readonly logicalId: string; readonly topics: string }[] {
  if (of === undefined || !isObject(template) || !isObject(template.Resources)) return [];
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || resource.Type !== 'AWS::Lambda::EventSourceMapping') return [];
    const { Properties: properties } = resource;
    if (!isObject(properties) || !refersTo(properties.FunctionName, of.logicalId)) return [];
    const { FunctionResponseTypes: types, Topics: read } = properties;
    if (Array.isArray(types) && types.includes('ReportBatchItemFailures')) return [];
    const topics = listOf(read).filter(
      (topic) => reported === undefined || typeof topic !== 'string' || reported.includes(topic),
    );
    const isConcerned = topics.length > 0 && reported?.length !== 0;
    return isConcerned ? [{ logicalId, topics: topics.map((topic) => JSON.stringify(topic)).join(', ') }] : [];
  });
}

/** `{ Ref: id }`, `{ 'Fn::GetAtt': [id, 'Arn'] }` and what is made of them. */
function refersTo(value: unknown, logicalId: string): boolean {
  if (value === logicalId) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some((part) => refersTo(part, logicalId));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
