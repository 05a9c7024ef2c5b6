import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Imports every entry of the built package by the name its users write, and asserts that it exports something. */
const root = join(import.meta.dirname, '../..');
const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
if (typeof manifest !== 'object' || manifest === null || !('exports' in manifest)) throw new Error('No exports.');
const { exports } = manifest;
if (typeof exports !== 'object' || exports === null) throw new Error('package.json: exports is no object.');

const counts: string[] = [];
for (const entry of Object.keys(exports)) {
  if (entry === './package.json') continue;
  const module: unknown = await import(`kafka-once${entry.slice(1)}`);
  const names = Object.keys(Object(module));
  if (names.length === 0) throw new Error(`The entry ${entry} exports nothing.`);
  counts.push(`${entry} ${names.length}`);
}
process.stdout.write(`exported values: ${counts.join(', ')}\n`);
