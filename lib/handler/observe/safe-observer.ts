import type { Observation, Observer } from '../../ports/observer.ts';
import { withoutRejection } from '../run/without-rejection.ts';

/**
 * An observer whose failures stay its own: nothing that it throws, or rejects with, may change an outcome.
 *
 * It is told the coordinates of a record and nothing else of it.
 */
export function safeObserver(observer: Observer): Observer {
  return {
    observe(observation) {
      try {
        withoutRejection<unknown>(observer.observe(withoutContents(observation)));
      } catch {
        // Nobody is left to be told.
      }
    },
    log(level, message, fields) {
      try {
        withoutRejection<unknown>(observer.log(level, message, fields));
      } catch {
        // As above.
      }
    },
  };
}

/** What is handed over as coordinates is a whole record, and an observer may write down all that it is given. */
function withoutContents(observation: Observation): Observation {
  if (!('coordinates' in observation)) return observation;
  const { topic, partition, offset } = observation.coordinates;
  return { ...observation, coordinates: { topic, partition, offset } };
}
