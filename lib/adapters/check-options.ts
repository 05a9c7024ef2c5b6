import { ConfigurationError } from '../core/errors/errors.ts';

/**
 * Refuses what is no object, and options that `owner` (a function's name) does not have: they would do nothing.
 *
 * @param path The option that is this object, `largeRecords`; none for the options themselves.
 */
export function refuseUnknown(
  owner: string,
  options: unknown,
  known: readonly string[],
  path?: string,
): asserts options is object {
  if (typeof options !== 'object' || options === null) {
    const got = options === null ? 'null' : typeof options;
    throw new ConfigurationError(path ?? 'options', `${owner} needs an object with ${known.join(', ')}, not ${got}`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const property = path === undefined ? unknown : `${path}.${unknown}`;
  throw new ConfigurationError(property, `is no option of ${owner}; there are ${known.join(', ')}`);
}

/** Refuses a client without `send`; none is fine. */
export function checkClient(property: string, client: unknown): void {
  if (client === undefined) return;
  if (typeof client !== 'object' || client === null || !('send' in client) || typeof client.send !== 'function') {
    throw new ConfigurationError(property, 'must be a client of the AWS SDK v3: it has no send');
  }
}
