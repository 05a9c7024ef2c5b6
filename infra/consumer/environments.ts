import { type ResourceEnvironment, Token } from 'aws-cdk-lib/core';

/** Whether two places may be one: an account or Region that only the deployment knows may be any. */
export function mayBeOne(one: ResourceEnvironment, other: ResourceEnvironment): boolean {
  return mayEqual(one.account, other.account) && mayEqual(one.region, other.region);
}

function mayEqual(one: string, other: string): boolean {
  return one === other || Token.isUnresolved(one) || Token.isUnresolved(other);
}
