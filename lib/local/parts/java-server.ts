import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import type { Part } from './part.ts';
import { PartsError } from './parts-error.ts';
import { untilItAnswers } from './probe.ts';
import type { ServerPlan } from './server-plan.ts';
import type { SupervisorLink } from './supervisor-link.ts';

const START_TIMEOUT_MS = 120_000;
const START_TRIES = 3;

// Short-lived processes: the quick compiler only, the small collector, the shared archive of the JDK's classes.
const JVM_OPTIONS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xms32m'];

/** Starts one Java server under the supervisor and resolves when it answers in its own protocol. */
export async function startJavaServer(
  plan: ServerPlan,
  link: SupervisorLink,
  places: { readonly jars: string; readonly local: string; readonly java: string },
): Promise<Part> {
  const version = await versionOfJar(places.jars, plan.versionJar);
  for (let attempt = 1; ; attempt++) {
    const data = join(link.dataFolder, attempt === 1 ? plan.part : `${plan.part}-${attempt}`);
    await mkdir(data);
    const ports = await freePorts(plan.portCount);
    const options = await plan.prepare({ jars: places.jars, local: places.local, data, ports });
    const args = [...JVM_OPTIONS, `-Xmx${plan.maxHeapMb}m`, '-cp', join(places.jars, '*'), ...options];
    const endpoint = plan.part === 'kafka' ? `127.0.0.1:${ports[0]}` : `http://127.0.0.1:${ports[0]}`;
    const logFile = join(data, 'server.log');
    const start = (): Promise<void> => run(plan, link, endpoint, places.java, args, logFile);
    try {
      await start();
    } catch (error) {
      // Between finding a free port and binding it, another process may have taken it.
      if (attempt < START_TRIES && (await takenPort(logFile))) continue;
      throw error;
    }
    return {
      name: plan.part,
      source: 'process',
      endpoint,
      version,
      get processId() {
        return link.processId(plan.part);
      },
      stop: (signal = 'SIGTERM') => link.stop(plan.part, signal),
      async start() {
        if (link.processId(plan.part) === undefined) await start();
      },
    };
  }
}

async function run(
  plan: ServerPlan,
  link: SupervisorLink,
  endpoint: string,
  java: string,
  args: readonly string[],
  logFile: string,
): Promise<void> {
  await link.start(plan.part, java, args, logFile);
  try {
    await untilItAnswers(plan.part, endpoint, {
      timeoutMs: START_TIMEOUT_MS,
      isGone: () => link.processId(plan.part) === undefined,
    });
  } catch (error) {
    await link.stop(plan.part, 'SIGKILL');
    const why = error instanceof Error ? error.message : String(error);
    throw new PartsError(`${why}. The end of its log:\n${(await logOf(logFile)).slice(-2000)}`);
  }
}

async function takenPort(logFile: string): Promise<boolean> {
  return /address already in use|failed to bind|bindexception/i.test(await logOf(logFile));
}

function logOf(logFile: string): Promise<string> {
  return readFile(logFile, 'utf8').catch(() => '(no log)');
}

async function versionOfJar(jars: string, pattern: RegExp): Promise<string> {
  for (const file of await readdir(jars)) {
    const version = pattern.exec(file)?.[1];
    if (version !== undefined) return version;
  }
  throw new PartsError(`No jar in ${jars} is named like ${pattern.source}: remove that folder, it is fetched again.`);
}
