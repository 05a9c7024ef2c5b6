import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../core/errors/errors.ts';
import { reasonOf } from './lambda-package.ts';
import { layOutRuntimeSdk } from './runtime-sdk.ts';
import { unzip, type ZippedFile } from './unzip.ts';

/** A function's code on this machine. */
export interface FetchedCode {
  /** Holds the code, and what stands for the AWS SDK of Lambda's runtime. */
  readonly folder: string;
  /** Path of the module that the function's `Handler` names. */
  readonly entry: string;
  readonly handlerName: string;
}

/**
 * Fetches a function's zip archive from the link of `GetFunction` and unpacks it into a temporary folder, which the caller
 * removes. The module is looked for with the endings `.js`, `.mjs` and `.cjs`, in this order as Lambda does. Packages of the AWS
 * SDK that are not in the archive are those installed here.
 *
 * @throws ConfigurationError when the link answers with no archive, or the handler's module is not in it.
 */
export async function fetchCode(link: string, handler: string): Promise<FetchedCode> {
  const files = await download(link);
  const [, module, handlerName] = /^((?:.*\/)?[^/.]*)\.(.+)$/.exec(handler) ?? [];
  const paths = new Set(files.map(({ path }) => path));
  const entry = ['.js', '.mjs', '.cjs'].map((ending) => `${module}${ending}`).find((path) => paths.has(path));
  if (entry === undefined || handlerName === undefined) {
    throw new ConfigurationError('functionName', `has the handler ${handler}, whose module is not in its code`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'kafka-once-function-'));
  await layOutRuntimeSdk(folder);
  const root = join(folder, 'task');
  await mkdir(root);
  // Else `.js` would take its module kind from a package.json further up.
  if (!paths.has('package.json')) await writeFile(join(root, 'package.json'), '{}\n');
  for (const { path, contents } of files) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), contents);
  }
  return { folder, entry: join(root, entry), handlerName };
}

async function download(link: string): Promise<readonly ZippedFile[]> {
  try {
    const response = await fetch(link);
    const archive = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`the link to it answers ${response.status}`);
    return unzip(archive);
  } catch (cause) {
    throw new ConfigurationError('functionName', `has code that could not be fetched: ${reasonOf(cause)}`, { cause });
  }
}
