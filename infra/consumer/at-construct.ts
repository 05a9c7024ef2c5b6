import type { IConstruct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';

/** The error as it is told of a construct, by its path as CDK's own errors have it: `[Shop/Orders] topic: …`. */
export function atConstruct(construct: IConstruct, error: unknown): unknown {
  if (!(error instanceof ConfigurationError)) return error;
  const { property, message } = error;
  const place = construct.node.path;
  return new ConfigurationError(property, message.slice(`${property}: `.length), { cause: error, place });
}
