import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.ts';

/** The oldest Java that Kafka 4 and DynamoDB Local 3 run on. */
export const OLDEST_JAVA = 17;

/** A Java on this machine. */
export interface Java {
  readonly command: string;
  /** The major version: 8, 11, 17 and so on. */
  readonly version: number;
}

/** The Java of `JAVA_HOME` if that is set, else the one on the `PATH`; undefined when there is none. */
export async function findJava(environment: NodeJS.ProcessEnv): Promise<Java | undefined> {
  const command = environment.JAVA_HOME ? join(environment.JAVA_HOME, 'bin', 'java') : 'java';
  const { code, output } = await runCommand(command, ['-version'], { environment, timeoutMs: 20_000 });
  const version = code === 0 ? parseJavaVersion(output) : undefined;
  return version === undefined ? undefined : { command, version };
}

/** Reads the major version from what `java -version` prints: `"1.8.0_392"` is 8, `"17.0.15"` is 17, `"21"` is 21. */
export function parseJavaVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Whether there is a Maven on the `PATH`. */
export function hasMaven(environment: NodeJS.ProcessEnv): boolean {
  return (environment.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, 'mvn')));
}

/** Whether a Docker engine answers; many machines have only its client. */
export async function dockerAnswers(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const { code } = await runCommand('docker', ['info'], { environment, timeoutMs: 5_000 });
  return code === 0;
}
