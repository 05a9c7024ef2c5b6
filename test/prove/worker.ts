import { parentPort, workerData } from 'node:worker_threads';
import { prove, type Share } from './prove.ts';
import { systems } from './systems/all.ts';

/** A part of the work of `prove-all.ts`, in a thread of its own; the answer is a `Tally`. */
export interface Work {
  readonly system: number;
  readonly share: Share;
}

const { system, share }: Work = workerData;
const chosen = systems[system];
if (chosen === undefined) throw new Error(`there is no system ${system}`);
parentPort?.postMessage(await prove(chosen, share));
