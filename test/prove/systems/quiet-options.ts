import type { ClaimOptions } from '../../../lib/handler/handler-options.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';
import { idOf } from '../../support/handler-bench.ts';
import type { Host } from '../host.ts';
import type { World } from '../world.ts';

/** What handlers of every mode have in common here. */
export function quietOptions(
  world: World,
  host: Host,
): Pick<ClaimOptions, 'namespace' | 'businessId' | 'observer' | 'ports'> {
  const { seed, index } = world.schedule;
  return {
    namespace: `prove-${seed}-${index}`,
    businessId: ({ value }) => idOf(value),
    observer: { observe: () => undefined, log: () => undefined },
    ports: {
      clock: host.clock,
      randomness: new SeededRandomness(index * 64 + host.id),
      processExit: { exit: () => host.kill() },
    },
  };
}
