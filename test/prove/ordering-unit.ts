import type { PlannedRecord, Settings } from './schedule.ts';

/** The ordering unit of a record; undefined where no order is kept. */
export function orderingUnitOf(
  { generation, partition, offset, key }: PlannedRecord,
  ordering: Settings['ordering'],
): string | undefined {
  switch (ordering) {
    case 'partition':
      return `${generation}/${partition}`;
    case 'key':
      return `${generation}/${partition}/${key ?? `alone@${offset}`}`;
    case 'none':
      return undefined;
  }
}
