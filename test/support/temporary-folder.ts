import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is there until the file's tests have ended: for what several of them share. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `kafka-once-${name}-`));
  made.push(folder);
  return folder;
}
