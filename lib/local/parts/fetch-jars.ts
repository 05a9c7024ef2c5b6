import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartName } from './part.ts';
import { PartsError } from './parts-error.ts';
import { runCommand } from './run-command.ts';

/** Pinned: another version may resolve or name files in another way. */
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies';
const FETCH_TIMEOUT_MS = 15 * 60_000;

/** The folder that holds, or will hold, the jars of a part; a changed pom.xml means another folder. */
export async function jarFolder(part: PartName, localFolder: string, cacheFolder: string): Promise<string> {
  const pom = await readFile(join(localFolder, part, 'pom.xml'));
  const fingerprint = createHash('sha256').update(pom).digest('hex').slice(0, 12);
  return join(cacheFolder, `${part}-${fingerprint}`);
}

/** Whether the jars of a part are there; a folder appears under its name only when it is complete. */
export function jarsAreThere(folder: string): boolean {
  return existsSync(folder);
}

/**
 * Fetches the jars of a part with Maven. Several processes may do so at once: each fetches into a folder of its own and
 * renames it when it is complete, and the first one wins.
 *
 * @param finish More files to be made in the folder before it counts as complete.
 * @throws PartsError when Maven fails, with the end of its output.
 */
export async function fetchJars(
  part: PartName,
  folder: string,
  options: {
    readonly localFolder: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly finish?: (folder: string) => Promise<void>;
  },
): Promise<void> {
  const unfinished = `${folder}.${randomUUID()}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const pom = join(options.localFolder, part, 'pom.xml');
    const { code, output } = await runCommand(
      'mvn',
      // -U: asks again for what an earlier, failed attempt noted as missing.
      ['-B', '-q', '-U', '-f', pom, COPY_DEPENDENCIES, '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`],
      { environment: options.environment, timeoutMs: FETCH_TIMEOUT_MS },
    );
    if (code !== 0) {
      throw new PartsError(`Maven could not fetch the jars of ${part} (${pom}):\n${output.slice(-2000)}`);
    }
    await options.finish?.(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!jarsAreThere(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
