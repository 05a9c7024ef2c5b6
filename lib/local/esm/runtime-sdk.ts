import { mkdir, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The packages of the AWS SDK, which Lambda's Node.js runtimes have. */
const scopes = ['@aws-sdk', '@smithy'];

/**
 * Lets code below a folder find the AWS SDK that is installed beside this package, as on Lambda it finds the runtime's: behind
 * what it has itself, and no other package.
 *
 * By links, since Node's modules, other than those on Lambda, do not look for packages at `NODE_PATH`.
 *
 * @param places Folders of packages, the nearest first; default: where Node looks for those of this file.
 */
export async function layOutRuntimeSdk(
  folder: string,
  places: readonly string[] = createRequire(import.meta.url).resolve.paths('@aws-sdk/any') ?? [],
): Promise<void> {
  for (const scope of scopes) {
    const installed = new Map<string, string>();
    for (const place of places) {
      for (const name of await readdir(join(place, scope)).catch(() => [])) {
        if (!installed.has(name)) installed.set(name, join(place, scope, name));
      }
    }
    const links = join(folder, 'node_modules', scope);
    await mkdir(links, { recursive: true });
    // A junction, because links need a privilege on Windows; elsewhere it means nothing.
    for (const [name, target] of installed) await symlink(target, join(links, name), 'junction');
  }
}
