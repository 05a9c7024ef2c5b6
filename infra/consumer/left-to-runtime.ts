import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Metafile } from 'esbuild';

/**
 * Packages of the AWS SDK that are not deployed with a handler, because Lambda's Node.js runtimes have them and nobody but
 * those who are known here asks for them, on demand: the toolkit for a dead letter that is too large for its queue, and the SDK
 * where the environment has no credentials, which on Lambda it has.
 */
export const leftToRuntime: readonly string[] = [
  '@aws-sdk/client-s3',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/**
 * Which of the packages that a build left out have to be bundled after all: somebody else imports them, such as the handler
 * itself, or they are imported at the start. The runtime's version changes without notice, and a handler is to have the one
 * that it was tested with.
 */
export function wantedInside({ inputs }: Metafile, left: readonly string[]): readonly string[] {
  const others = Object.entries(inputs).flatMap(([path, { imports }]) => {
    const asked = imports.filter((each) => left.some((name) => isOf(name, each.path)));
    if (asked.length === 0 || !isKnown(path)) return asked;
    return asked.filter((each) => each.kind !== 'dynamic-import');
  });
  return left.filter((name) => others.some(({ path }) => isOf(name, path)));
}

/** Whether packages, scopes or patterns, as esbuild's `external` takes them, name a package. */
export function isLeftOut(name: string, external: readonly string[]): boolean {
  return external.some((pattern) => {
    const [start = '', end] = pattern.split('*');
    return end === undefined ? isOf(pattern, name) : name.startsWith(start) && name.endsWith(end);
  });
}

function isOf(name: string, path: string): boolean {
  return path === name || path.startsWith(`${name}/`);
}

/** Whether a file is one whose imports are known, by the package that it is in, wherever that is and whatever links to it. */
function isKnown(path: string): boolean {
  const file = resolve(path);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const name = packageName(folder);
    if (name === 'kafka-once') return sendsDeadLetters(relative(folder, file));
    if (name !== undefined) return name === '@aws-sdk/credential-provider-node';
    if (folder === dirname(folder)) return false;
  }
}

/** The toolkit's own sources: `dist/lib` as it is installed, `lib` in its repository, whose `handlers` are users of it. */
function sendsDeadLetters(inPackage: string): boolean {
  const [first, ...rest] = inPackage.split(sep);
  const folders = first === 'dist' ? rest : [first, ...rest];
  return folders.slice(0, 3).join('/') === 'lib/adapters/sqs';
}

/** The name of the package whose folder this is. A `package.json` without one only says what kind its modules are. */
function packageName(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const described: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const isNamed = typeof described === 'object' && described !== null && 'name' in described;
  return isNamed && typeof described.name === 'string' ? described.name : undefined;
}
