import { CfnTable, type ITable, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { Stack } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { isObject } from '../../lib/core/event/is-object.ts';

/** What keeps markers out of a table that the app makes, or in it for ever; one that is imported is taken as it is. */
export function markerTableProblems(table: ITable | Table): readonly SettingsProblem[] {
  const resource = table.node.defaultChild;
  if (!CfnTable.isCfnTable(resource)) return [];
  const { keySchema, attributeDefinitions, timeToLiveSpecification } = resource;
  const [key, attributes, expiry]: readonly unknown[] = Stack.of(table).resolve([
    keySchema,
    attributeDefinitions,
    timeToLiveSpecification ?? {},
  ]);
  const problems: SettingsProblem[] = [];
  if (!isKeyOfMarkers(key, attributes)) {
    problems.push({
      property: 'table',
      message: "has another key than markers: partition key 'id' of type string, no sort key",
    });
  }
  if (!isObject(expiry) || expiry.attributeName !== 'expiration') {
    const message = "has no TTL on 'expiration', so markers would stay for ever: set timeToLiveAttribute: 'expiration'";
    problems.push({ property: 'table', message });
  }
  return problems;
}

function isKeyOfMarkers(key: unknown, attributes: unknown): boolean {
  const keys: readonly unknown[] = Array.isArray(key) ? key : [];
  const named = (each: unknown): each is Readonly<Record<string, unknown>> =>
    isObject(each) && each.attributeName === 'id';
  const definition = Array.isArray(attributes) ? attributes.find(named) : undefined;
  return keys.length === 1 && keys.every(named) && definition?.attributeType === 'S';
}
