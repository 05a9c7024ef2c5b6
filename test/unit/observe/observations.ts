import type { Observation } from '../../../lib/ports/observer.ts';

/** Contents that must never be seen; every record of the observations below carries it. */
export const secret = 'secret-content';

/** Coordinates as a careless caller may hand them over: the whole record. */
const coordinates = { topic: 'orders', partition: 3, offset: 41, value: secret, key: secret };

const outcomes = { handled: 5, duplicate: 2, deadLettered: 1, failed: 0, busy: 0, heldBack: 0, notAttempted: 0 };

/** One of each kind. */
export const observations: readonly Observation[] = [
  { type: 'invocationStarted', records: 8, units: 2 },
  { type: 'invocationEnded', outcomes, fallbackKeys: 0, durationMs: 120, oldestUndoneTimestampMs: undefined },
  {
    type: 'recordEnded',
    coordinates,
    outcome: 'failed',
    attempts: 2,
    handlerDurationMs: 12,
    errorName: 'TypeError',
  },
  {
    type: 'recordEnded',
    coordinates,
    outcome: 'duplicate',
    attempts: undefined,
    handlerDurationMs: undefined,
    errorName: undefined,
  },
  { type: 'deadLettered', coordinates, reason: 'undecodable' },
  { type: 'deadLettered', coordinates, reason: 'unprocessable', errorName: 'EffectError', detail: 'at handle' },
  { type: 'deadLetterFailed', coordinates, errorName: 'TimeoutError' },
  { type: 'leaseTakenOver', coordinates, attempts: 3 },
  { type: 'leaseLost', coordinates },
  { type: 'fallbackKey', coordinates },
  { type: 'fingerprintMismatch', coordinates },
  { type: 'resultNotStored', coordinates },
  { type: 'effectsSkipped', coordinates },
  { type: 'handledUnprotected', coordinates },
  { type: 'storeFailed', operation: 'insert', errorName: 'StoreError', message: 'table Orders: throttled' },
  { type: 'handlerUnsettled', coordinates },
  { type: 'warning', message: 'the topic is not granted' },
];

/** The end of an invocation in which some records are not done. */
export const undoneInvocation: Observation = {
  type: 'invocationEnded',
  outcomes: { ...outcomes, failed: 1, busy: 1, heldBack: 2, notAttempted: 3 },
  fallbackKeys: 1,
  durationMs: 120,
  oldestUndoneTimestampMs: Date.UTC(2026, 0, 1),
};
