import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

// No Docker engine is needed: this `docker` notes its arguments. Its "container" is a server that says it is LocalStack, in a
// process that outlives the client that started it, and that has made a container for a function; `rm` removes either.
const program = (before: string): string => `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const args = process.argv.slice(2);
const file = (name) => __dirname + '/' + name;
appendFileSync(file('calls'), JSON.stringify(args) + '\\n');
const fail = (text, code) => { process.stderr.write(text + '\\n'); process.exit(code) };
${before}
if (args[0] === 'run') {
  const [, port] = args[args.indexOf('--publish') + 1].split(':');
  const server = "require('node:http').createServer((request, response) => response.end(JSON.stringify(" +
    "{ is_docker: true }))).listen(" + port + ", '127.0.0.1')";
  const child = spawn(process.execPath, ['-e', server], { detached: true, stdio: 'ignore' });
  const name = args[args.indexOf('--name') + 1];
  writeFileSync(file(name), String(child.pid));
  writeFileSync(file('made-for-a-function'), '');
  child.on('exit', () => process.exit(137));
}
if (args[0] === 'ps' && existsSync(file('made-for-a-function'))) console.log('made-for-a-function');
if (args[0] === 'rm') {
  const container = file(args.at(-1));
  const pid = existsSync(container) ? Number(readFileSync(container, 'utf8')) : 0;
  rmSync(container, { force: true });
  const untilGone = () => { try { process.kill(pid, 'SIGKILL'); setImmediate(untilGone) } catch {} };
  if (pid > 0) untilGone();
}
`;

/** A `docker` in a folder of its own. */
export interface DockerStandIn {
  /** For PATH; holds nothing else. */
  readonly path: string;
  /** The arguments of each call so far. */
  calls(): Promise<readonly (readonly string[])[]>;
}

/** Makes a `docker` that runs `before` first, where `args` are its arguments and `fail(text, code)` ends it. */
export async function dockerStandIn(before = ''): Promise<DockerStandIn> {
  const path = await mkdtemp(join(tmpdir(), 'docker-'));
  onTestFinished(() => rm(path, { recursive: true }));
  await writeFile(join(path, 'docker'), program(before), { mode: 0o755 });
  return {
    path,
    async calls() {
      const lines = (await readFile(join(path, 'calls'), 'utf8')).trim().split('\n');
      return lines.map((line): readonly string[] => JSON.parse(line));
    },
  };
}
