import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

/** Compiles `lib/` and `infra/` to `dist/`, from an empty folder, so that nothing of an older build is published. */
const root = join(import.meta.dirname, '..');
await rm(join(root, 'dist'), { recursive: true, force: true });
const { code, output } = await runCommand('tsc', ['-p', 'tsconfig.build.json']);
process.stdout.write(output);
process.exitCode = code;
