import type { SettingsProblem } from '../../lib/core/esm/settings.ts';

/** What is wrong with a cluster label: it is part of keys, and an empty one would be no name. */
export function clusterLabelProblems(clusterLabel: string | undefined): readonly SettingsProblem[] {
  if (clusterLabel !== '') return [];
  return [{ property: 'clusterLabel', message: 'is empty; give a name that stays when brokers are replaced, or none' }];
}
