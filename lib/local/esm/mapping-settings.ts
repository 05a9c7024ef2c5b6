import { refuseProblems } from '../../core/esm/refuse-problems.ts';
import {
  type EventSourceMappingSettings,
  type ResolvedSettings,
  resolveSettings,
  type SettingsProblem,
} from '../../core/esm/settings.ts';

/** What AWS has and the local event source mapping does not imitate: what it is called, and whether it is asked for. */
const missing: readonly (readonly [
  keyof EventSourceMappingSettings,
  string,
  (settings: EventSourceMappingSettings) => boolean,
])[] = [
  [
    'maximumRecordAgeSeconds',
    'limits of the age of records',
    ({ maximumRecordAgeSeconds: age }) => age !== undefined && age !== -1,
  ],
  ['bisectBatchOnFunctionError', 'bisecting', ({ bisectBatchOnFunctionError }) => bisectBatchOnFunctionError === true],
  ['onFailure', 'on-failure destinations', ({ onFailure }) => onFailure !== undefined],
  ['filters', 'filters', ({ filters }) => filters !== undefined && filters.length > 0],
  ['schemaRegistry', 'schema registries', ({ schemaRegistry }) => schemaRegistry === true],
];

/**
 * The settings of a local event source mapping, by AWS's rules; needs no broker.
 *
 * @throws ConfigurationError with everything that AWS refuses or ignores, in the same words as the construct; else with
 *   everything that AWS has and the local event source mapping does not imitate.
 */
export function mappingSettings(settings: EventSourceMappingSettings): ResolvedSettings {
  const resolved = resolveSettings(settings);
  refuseProblems(unimitated(settings));
  return resolved;
}

function unimitated(settings: EventSourceMappingSettings): readonly SettingsProblem[] {
  return missing
    .filter(([, , isAsked]) => isAsked(settings))
    .map(([property, what]) => ({
      property,
      message: `the local event source mapping does not imitate ${what} yet, and leaving it out unasked would test something else than what is deployed. Leave it out of the settings of the local run`,
    }));
}
