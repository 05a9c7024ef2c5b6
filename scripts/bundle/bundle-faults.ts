import { leftToRuntime } from '../../infra/consumer/left-to-runtime.ts';
import type { Bundle } from './read-bundle.ts';

/** What is deployed for a handler at most, minified and with its DynamoDB client. */
export const LIMIT_BYTES = 450_000;

/** What must not be so in a bundle that is deployed. */
export function bundleFaults(
  bundle: Pick<Bundle, 'bytes' | 'startModules' | 'modules' | 'leftOut' | 'text'>,
): readonly string[] {
  const { bytes, startModules, leftOut, text } = bundle;
  const faults: string[] = [];
  if (bytes > LIMIT_BYTES) {
    faults.push(`has ${bytes} bytes in all, over ${LIMIT_BYTES}; most of it: ${heaviest(bundle)}`);
  }
  if (!startModules.some(({ path }) => packageOf(path) === '@aws-sdk/client-dynamodb')) {
    faults.push('does not contain the DynamoDB client, whose version would be that of the runtime');
  }
  for (const { path, onDemand } of leftOut) {
    if (!leftToRuntime.includes(path)) faults.push(`imports ${path}, which it does not contain`);
    else if (!onDemand) faults.push(`imports ${path} from the runtime, and not on demand`);
  }
  // esbuild's stand-in for a `require` that an ECMAScript module does not have; it throws when it is called.
  if (text.includes('Dynamic require of')) faults.push('contains a require() that throws in an ECMAScript module');
  if (!/\n\/\/# sourceMappingURL=\S+\.map\s*$/.test(text)) {
    faults.push('does not name its source map, so that stack traces point into minified code');
  }
  return faults;
}

function heaviest({ modules }: Pick<Bundle, 'modules'>): string {
  const bytes = new Map<string, number>();
  for (const module of modules) {
    const name = packageOf(module.path);
    bytes.set(name, (bytes.get(name) ?? 0) + module.bytes);
  }
  const sorted = [...bytes].sort(([, a], [, b]) => b - a).slice(0, 8);
  return sorted.map(([name, size]) => `${name} ${(size / 1000).toFixed(0)} KB`).join(', ');
}

/** The package of a source, `kafka-once` for our own. */
function packageOf(path: string): string {
  if (!path.includes('node_modules/')) return 'kafka-once';
  const parts = path.split('node_modules/').at(-1)?.split('/') ?? [];
  return (parts[0]?.startsWith('@') === true ? parts.slice(0, 2) : parts.slice(0, 1)).join('/');
}
