import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutRuntimeSdk } from '../lib/local/esm/runtime-sdk.ts';
import { bundleFaults, LIMIT_BYTES } from './bundle/bundle-faults.ts';
import { bundleHandlers } from './bundle/bundle-handlers.ts';
import { handlerFiles } from './bundle/handler-files.ts';
import { importTime } from './bundle/import-time.ts';
import { onDemandFaults } from './bundle/on-demand.ts';
import { type Bundle, readBundle } from './bundle/read-bundle.ts';

/**
 * Bundles each handler of `handlers/` as it is deployed, imports it in fresh processes, and holds it to its size.
 *
 * The bundles are made outside the project, or a package that is missing in one would be found in `node_modules`. So at the
 * start they find no package at all; the AWS SDK of Lambda's runtime, for what is loaded on demand, is laid out afterwards.
 */
const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);
const rows: string[][] = [['handler', 'at start KB', 'in all KB', 'modules', 'import ms']];
const faults: string[] = [];
const outdir = await mkdtemp(join(tmpdir(), 'kafka-once-bundle-'));
try {
  const bundles = new Map<string, Bundle>();
  for (const { name, folder } of bundleHandlers(await handlerFiles(), outdir)) {
    const bundle = await readBundle(folder);
    bundles.set(name, bundle);
    const imported = await importTime(bundle.entry);
    const found = [...bundleFaults(bundle), ...('fault' in imported ? [imported.fault] : [])];
    faults.push(...found.map((fault) => `${name} ${fault}.`));
    rows.push([
      name,
      kilobytes(bundle.startBytes),
      kilobytes(bundle.bytes),
      String(bundle.startModules.length),
      'medianMs' in imported ? imported.medianMs.toFixed(0) : 'none',
    ]);
  }
  await layOutRuntimeSdk(outdir);
  for (const [name, bundle] of bundles) {
    faults.push(...(await onDemandFaults(bundle)).map((fault) => `${name} ${fault}.`));
  }
} finally {
  await rm(outdir, { recursive: true, force: true });
}

const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
for (const row of rows) {
  const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  process.stdout.write(`${cells.join('  ')}\n`);
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`limit in all ${LIMIT_BYTES / 1000} KB minified; import time is the median of fresh processes\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
