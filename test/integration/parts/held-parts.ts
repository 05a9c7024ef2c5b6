import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PartName } from '../../../lib/local/parts/index.ts';

/** Parts in a process of their own, which a test ends in some way. */
export interface HeldParts {
  readonly child: ChildProcess;
  readonly dataFolder: string;
  readonly processIds: readonly number[];
}

/** The environment without the servers that the test run itself uses, for parts that are processes whatever those are. */
export function withoutNamedServers(): NodeJS.ProcessEnv {
  const named = (name: string): boolean => name === 'KAFKA_BROKERS' || name.startsWith('AWS_ENDPOINT_URL');
  const rest = Object.entries(process.env).filter(([name]) => !named(name));
  return { ...Object.fromEntries(rest), KAFKA_ONCE_PARTS: 'processes' };
}

/** Starts parts in a process of its own and resolves when they answer. */
export async function holdParts(...names: readonly PartName[]): Promise<HeldParts> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-parts.ts'), ...names], {
    env: withoutNamedServers(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = JSON.parse(line);
    if (!isSaid(said)) break;
    return { child, ...said };
  }
  throw new Error('the process that holds the parts ended before they were up');
}

function isSaid(value: unknown): value is Omit<HeldParts, 'child'> {
  return typeof value === 'object' && value !== null && 'dataFolder' in value && 'processIds' in value;
}

/** Whether a process is there and not just waiting for its parent to take notice of its end. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch {
    return false;
  }
  const status = `/proc/${processId}/stat`;
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
}

/** This machine's addresses that other machines could reach. */
export function outsideAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}
