// A process of its own between the user's process and the Java servers. It owns the data folder and the servers, and
// ends both when its channel closes: after an orderly stop, but also when the user's process was killed and could do
// nothing any more. It runs in a session of its own, so that Ctrl-C in a terminal reaches the user's process alone.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSupervisorRequest, type SupervisorReport, type SupervisorRequest } from './supervisor-messages.ts';

const GRACE_MS = 5_000;

const dataFolder = mkdtempSync(join(tmpdir(), 'kafka-once-'));
const running = new Map<string, ChildProcess>();
const atEnd: (SupervisorRequest & { type: 'atEnd' })[] = [];
let ending = false;

function report(message: SupervisorReport): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

function start(request: SupervisorRequest & { type: 'start' }): void {
  if (ending) return;
  const log = openSync(request.logFile, 'a');
  const child = spawn(request.command, request.args, { cwd: dataFolder, stdio: ['ignore', log, log] });
  closeSync(log);
  child.once('error', (error) => report({ type: 'failed', id: request.id, reason: error.message }));
  child.once('spawn', () => {
    running.set(request.name, child);
    const processId = child.pid ?? 0;
    child.once('exit', () => {
      running.delete(request.name);
      report({ type: 'exited', name: request.name, processId });
    });
    report({ type: 'started', id: request.id, name: request.name, processId });
    if (ending) child.kill('SIGKILL');
  });
}

async function kill(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const child = running.get(name);
  if (child === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(impatience);
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await Promise.all([...running.keys()].map((name) => kill(name, 'SIGKILL')));
  for (const { command, args, variables } of atEnd) {
    spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, ...variables } });
  }
  rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

process.on('message', (message) => {
  if (!isSupervisorRequest(message)) return;
  if (message.type === 'start') start(message);
  else if (message.type === 'stop') {
    void kill(message.name, message.signal).then(() => report({ type: 'done', id: message.id }));
  } else {
    atEnd.push(message);
    report({ type: 'done', id: message.id });
  }
});
process.on('disconnect', () => void end());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
process.on('uncaughtException', () => void end());
report({ type: 'ready', dataFolder });
// The user's process may have died before this line was reached.
if (!process.connected) void end();
