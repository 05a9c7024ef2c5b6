import type { System } from '../system.ts';
import { claimSystem } from './claim.ts';
import { markSystem } from './mark.ts';
import { positionSystem } from './position.ts';
import { powertoolsSystems } from './powertools.ts';
import { transactionSystem } from './transaction.ts';

/** Every system that is put to the proof, ours first. */
export const systems: readonly System[] = [
  claimSystem(),
  markSystem('one'),
  transactionSystem('one'),
  positionSystem('one'),
  markSystem('many'),
  transactionSystem('many'),
  positionSystem('many'),
  ...powertoolsSystems,
];
