import type { Effect } from '../../../lib/core/effects/effect.ts';
import { EffectRecorder } from '../../../lib/core/effects/effect-recorder.ts';
import type { Effects } from '../../../lib/core/effects/effects.ts';
import type { EffectError } from '../../../lib/core/errors/effect-errors.ts';

export const record = { topic: 'orders', partition: 3, offset: 42 };

export const recorder = (): EffectRecorder => new EffectRecorder(record, 'Markers');

/** The effects that a handler adds. */
export function recorded(add: (effects: Effects) => void): readonly Effect[] {
  const one = recorder();
  add(one.effects);
  return one.close();
}

/** The one effect that a handler adds. */
export function effectOf(add: (effects: Effects) => void): Effect {
  const [effect, ...more] = recorded(add);
  if (effect === undefined || more.length > 0) throw new Error('A single effect was expected.');
  return effect;
}

/** The error that adding ends with. */
export function refusalOf(add: (effects: Effects) => void): EffectError | Error {
  try {
    recorded(add);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('Nothing was refused.');
}

/** Calls a method as JavaScript may, whatever its types say. */
export function untyped(effects: Effects, method: keyof Effects, ...given: readonly unknown[]): void {
  Reflect.apply(effects[method], effects, given);
}

/** What stands in a refusal after the effect. */
export const problemOf = (add: (effects: Effects) => void): string =>
  refusalOf(add).message.replace(/^orders-3@42: effects\[\d+\] \(\w+ "[^"]*"\): /, '');
