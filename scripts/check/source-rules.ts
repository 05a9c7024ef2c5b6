import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rules of the sources that no linter at hand knows, and a report of file lengths. */
const root = join(import.meta.dirname, '../..');
const LONG = 250;
const MEDIAN_LIMIT = 80;

interface Rule {
  /** Path prefix of the files it holds for. */
  folder: string;
  forbidden: RegExp;
  why: string;
}

const rules: readonly Rule[] = [
  { folder: '', forbidden: /^export \* /m, why: 'the public API is listed by name' },
  {
    folder: 'lib/core/',
    forbidden: /^(?:import|export) (?!type )[^;]*from '[./]*\/ports\//m,
    why: 'lib/core imports only types from lib/ports',
  },
  { folder: 'lib/core/', forbidden: /\bDate\.now\(|\bnew Date\(\)/, why: 'lib/core has no clock' },
  {
    folder: 'lib/core/',
    forbidden: /\bMath\.random\(|\brandomUUID\b|\brandomBytes\b/,
    why: 'lib/core has no randomness',
  },
  { folder: 'lib/', forbidden: /from '[./]*\/test\//, why: 'lib/ does not import from test/' },
  {
    folder: '',
    forbidden: /@ts-(?:ignore|nocheck)|\bas unknown as\b/,
    why: 'a type guard says what a cast only claims',
  },
];

/** Written so that this file does not break the rules that it states. */
const exempt = 'scripts/check/source-rules.ts';

const files = ['lib', 'handlers', 'infra', 'local', 'scripts', 'test']
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root, exclude: (name) => name.endsWith('node_modules') }))
  .sort();

const faults: string[] = [];
const lengths: { file: string; lines: number }[] = [];
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file.startsWith('lib/')) lengths.push({ file, lines: text.split('\n').length - 1 });
  if (file === exempt) continue;
  for (const { folder, forbidden, why } of rules) {
    const found = file.startsWith(folder) ? forbidden.exec(text) : null;
    if (found === null) continue;
    faults.push(`${file}:${text.slice(0, found.index).split('\n').length} ${found[0].split('\n')[0]}: ${why}`);
  }
}

lengths.sort((a, b) => a.lines - b.lines);
const median = lengths[Math.floor(lengths.length / 2)]?.lines ?? 0;
if (median > MEDIAN_LIMIT) faults.push(`the median file of lib/ has ${median} lines, over ${MEDIAN_LIMIT}`);
const long = lengths.filter(({ lines }) => lines > LONG).map(({ file, lines }) => `${file} ${lines}`);

for (const fault of faults) process.stdout.write(`${fault}\n`);
const longText = long.length === 0 ? 'none' : long.join(', ');
process.stdout.write(`${lengths.length} files in lib/, median ${median} lines, over ${LONG}: ${longText}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
