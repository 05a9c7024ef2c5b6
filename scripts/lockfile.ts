import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * Checks that the lockfile names the packages of every platform, and adds the missing ones with `--write`.
 *
 * A registry mirror may hold the binaries of its own platform only. npm then leaves the others out of the lockfile without
 * a word, and `npm ci` refuses that lockfile everywhere. An entry added here has no integrity: npm takes what the
 * registry of the other platform's user gives for that exact version.
 */
const path: string = join(import.meta.dirname, '../package-lock.json');
const members = z.record(z.string(), z.unknown());
const entry = z.object({
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What a package's name says of its platform; undefined where it says nothing. */
function platform(name: string): { os: string[]; cpu: string[]; libc?: string[] } | undefined {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const musl = words.some((word) => word.startsWith('musl'));
  if (os !== 'linux' || !(musl || words.some((word) => word.startsWith('gnu')))) return { os: [os], cpu: [cpu] };
  return { os: [os], cpu: [cpu], libc: [musl ? 'musl' : 'glibc'] };
}

const lock = members.parse(JSON.parse(await readFile(path, 'utf8')));
const packages = members.parse(lock.packages);
const missing: string[] = [];
for (const one of Object.values(packages)) {
  const { optionalDependencies = {}, dev } = entry.parse(one);
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`;
    const where = platform(name);
    if (place in packages || where === undefined || !/^\d+\.\d+\.\d+$/.test(range)) continue;
    missing.push(`${name}@${range}`);
    packages[place] = { version: range, ...where, ...(dev === true ? { dev } : {}), optional: true };
  }
}

if (process.argv.includes('--write')) {
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  await writeFile(path, `${JSON.stringify({ ...lock, packages: sorted }, undefined, 2)}\n`);
  process.stdout.write(`added ${missing.length} packages of other platforms\n`);
} else if (missing.length > 0) {
  process.stdout.write(`package-lock.json lacks ${missing.join(', ')}.\nRun "npm run lockfile" and commit it.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${Object.keys(packages).length - 1} packages, those of all platforms included\n`);
}
