import type { Observer } from '../../ports/observer.ts';

/** An observer whose failures stay its own: nothing that it throws may change an outcome. */
export function safeObserver(observer: Observer): Observer {
  return {
    observe(observation) {
      try {
        observer.observe(observation);
      } catch {
        // Nobody is left to be told.
      }
    },
    log(level, message, fields) {
      try {
        observer.log(level, message, fields);
      } catch {
        // As above.
      }
    },
  };
}
