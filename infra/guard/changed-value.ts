import { canonical } from './canonical.ts';

/** `<property> changes from … to …`, once; nothing if both values are the same. */
export function changedValue(property: string, before: unknown, after: unknown): readonly string[] {
  const [was, is] = [before, after].map(canonical);
  return was === is ? [] : [`${property} changes from ${was ?? 'none'} to ${is ?? 'none'}`];
}
