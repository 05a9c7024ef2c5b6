import { join, sep } from 'node:path';

/**
 * Where fetched jars are kept: `KAFKA_ONCE_CACHE` if set; `node_modules/.cache/kafka-once` of the project that installed
 * this package; `.cache/parts` in a checkout of this package itself.
 */
export function cacheFolder(packageRootFolder: string, environment: NodeJS.ProcessEnv): string {
  if (environment.KAFKA_ONCE_CACHE) return environment.KAFKA_ONCE_CACHE;
  const segments = packageRootFolder.split(sep);
  const first = segments.indexOf('node_modules');
  if (first >= 0) return join(segments.slice(0, first + 1).join(sep) || sep, '.cache', 'kafka-once');
  return join(packageRootFolder, '.cache', 'parts');
}
