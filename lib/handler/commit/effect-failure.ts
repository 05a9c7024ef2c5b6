import type { Coordinates } from '../../core/coordinates.ts';
import type { Effect } from '../../core/effects/effect.ts';
import {
  EffectConditionFailedError,
  EffectConditionRejectedError,
  type EffectPlace,
  UnwritableEffectsError,
} from '../../core/errors/effect-errors.ts';
import type { Ended } from './member.ts';

/** What a record fails with whose effects were refused for good. */
export function effectFailure(
  record: Coordinates,
  effects: readonly Effect[],
  ended: Ended<never> & { readonly kind: 'conditionFailed' | 'invalid' },
): Error {
  if (ended.kind === 'invalid') {
    return new UnwritableEffectsError(record, ended.error);
  }
  const { effectIndex: index } = ended;
  const effect = effects[index];
  const place: EffectPlace = { record, index, kind: effect?.kind ?? '', table: effect?.table ?? '' };
  return effect?.onConditionFailed === 'reject'
    ? new EffectConditionRejectedError(place)
    : new EffectConditionFailedError(place);
}
