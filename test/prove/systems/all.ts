import type { System } from '../system.ts';
import { claimSystem } from './claim.ts';
import { powertoolsSystems } from './powertools.ts';

/** Every system that is put to the proof, ours first. */
export const systems: readonly System[] = [claimSystem(), ...powertoolsSystems];
