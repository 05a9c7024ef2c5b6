import { Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';

const hostAndPort =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?:(\d{1,5})$/;

/**
 * What is wrong with the addresses of self-managed brokers: 1 to 10 times `host:port`, each 300 characters at most.
 *
 * Source: AWS Lambda API reference, SelfManagedEventSource.
 */
export function bootstrapServerProblems(servers: readonly string[]): readonly SettingsProblem[] {
  if (Token.isUnresolved(servers)) return [];
  const property = 'bootstrapServers';
  if (!Array.isArray(servers)) return [{ property, message: 'is no list; give a list of host:port' }];
  const problems = servers
    .map((server, index) => ({ server, index }))
    .filter(({ server }) => !Token.isUnresolved(server) && !isAddress(server))
    .map(({ server, index }) => ({
      property: `${property}[${index}]`,
      message: `is '${server}'; expected is host:port of one broker, without protocol, 300 characters at most`,
    }));
  if (servers.length >= 1 && servers.length <= 10) return problems;
  return [{ property, message: `has ${servers.length} brokers; AWS takes 1 to 10` }, ...problems];
}

function isAddress(server: string): boolean {
  const port = server.length <= 300 ? hostAndPort.exec(server)?.[1] : undefined;
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}
