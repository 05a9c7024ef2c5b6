import { ConfigurationError } from '../../core/errors/errors.ts';
import type { DeployedFunctionOptions } from './deployed-function.ts';

/** The SDK's client package, which is an optional peer. */
export type LambdaPackage = typeof import('@aws-sdk/client-lambda');

/**
 * Loads `@aws-sdk/client-lambda`.
 *
 * @throws ConfigurationError naming `property` when it is not installed.
 */
export async function lambdaPackage(property: string): Promise<LambdaPackage> {
  try {
    return await import('@aws-sdk/client-lambda');
  } catch (cause) {
    const message = 'the package @aws-sdk/client-lambda could not be loaded; is it installed?';
    throw new ConfigurationError(property, message, { cause });
  }
}

/** What a client is told of endpoint, Region and credentials; what is left out, it takes from its environment. */
export function placeOf({
  endpoint,
  region,
  credentials,
}: DeployedFunctionOptions): Pick<DeployedFunctionOptions, 'endpoint' | 'region' | 'credentials'> {
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** An error in one line, for a message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
