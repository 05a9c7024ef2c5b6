import type { WatchedConsumer } from './watched-consumer.ts';

/** What the metrics and alarms of a consumer are called after. */
export function watchedName({ name, namespace }: Pick<WatchedConsumer, 'name' | 'namespace'>): string {
  return name ?? namespace;
}
