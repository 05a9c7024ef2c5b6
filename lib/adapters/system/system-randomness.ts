import { randomUUID } from 'node:crypto';
import type { Randomness } from '../../ports/randomness.ts';

/** UUIDs of version 4 from the generator of the operating system; jitter from `Math.random`. */
export const systemRandomness: Randomness = {
  // Without this Node prepares 128 of them ahead, which environments restored from one SnapStart snapshot would share.
  uniqueId: () => randomUUID({ disableEntropyCache: true }),
  fraction: () => Math.random(),
};
