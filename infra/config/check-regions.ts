import type { ContextName } from './context-names.ts';
import type { ContextReader } from './context-reader.ts';

/** Values that name something in a Region. */
const regional = [
  'mskClusterArn',
  'secretArn',
  'secretKeyArn',
  'rootCaSecretArn',
  'alarmTopicArn',
] as const satisfies readonly ContextName[];

/**
 * Refuses what is in another Region than the stack, or where that is not known than the first of them, which is the cluster
 * if it is one of MSK's.
 *
 * Lambda polls clusters of its own Region and reads secrets of it, a secret is encrypted by a key of its Region, and
 * CloudWatch tells topics of its own.
 */
export function checkRegions(reader: ContextReader, stackRegion: string | undefined): void {
  const given = regional.flatMap((name) => {
    const region = /^arn:[^:]+:[^:]+:([a-z0-9-]+):/.exec(reader.peek(name) ?? '')?.[1];
    return region === undefined ? [] : [{ name, region }];
  });
  const [first] = given;
  const right = stackRegion ?? first?.region;
  const whose = stackRegion === undefined ? `${first?.name} is` : 'the stack is';
  for (const { name, region } of given) {
    if (region !== right) reader.displace(name, `is in ${region}; ${whose} in ${right}`);
  }
}
