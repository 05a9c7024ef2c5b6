import type { EventSourceMappingSettings, ProvisionedPollers, SettingsProblem, Unchecked } from '../settings.ts';
import { isWhole, shown } from './values.ts';

const names: readonly string[] = ['minimum', 'maximum', 'groupName'] satisfies (keyof ProvisionedPollers)[];

/** AWS Lambda API reference, ProvisionedPollerConfig, as it holds for Kafka. */
export function pollerProblems({
  provisionedPollers: pollers,
}: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  if (pollers === undefined) return [];
  if (typeof pollers !== 'object' || pollers === null) {
    const message = `is ${shown(pollers)}; give { minimum, maximum, groupName }, each of them optional`;
    return [{ property: 'provisionedPollers', message }];
  }
  const problems: SettingsProblem[] = [];
  const add = (name: string, message: string): void => {
    problems.push({ property: `provisionedPollers.${name}`, message });
  };
  const { minimum, maximum, groupName } = pollers;
  if (minimum !== undefined && !isWhole(minimum, 1, 200)) {
    add('minimum', `is ${shown(minimum)}; AWS allows 1 to 200: use one of these, or leave it out for 1`);
  }
  if (maximum !== undefined && !isWhole(maximum, 1, 2000)) {
    add('maximum', `is ${shown(maximum)}; AWS allows 1 to 2000: use one of these, or leave it out for 200`);
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    add('minimum', `is ${minimum}, over the maximum of ${maximum}, which AWS refuses: lower it, or raise the maximum`);
  }
  if (groupName !== undefined && !(typeof groupName === 'string' && /^[a-zA-Z0-9\-_]{1,128}$/.test(groupName))) {
    add('groupName', `is ${shown(groupName)}; AWS allows 1 to 128 letters, digits, '-' and '_': choose such a name`);
  }
  for (const name of Object.keys(pollers)) {
    if (!names.includes(name)) add(name, `is no setting of the pollers; there are ${names.join(', ')}`);
  }
  return problems;
}
