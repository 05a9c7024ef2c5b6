import { randomBytes } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PartsError } from './parts-error.ts';
import { runCommand } from './run-command.ts';
import type { ServerPlan } from './server-plan.ts';

const FORMATTED = 'formatted';

/** Apache Kafka in KRaft mode, one node. Its log folder is formatted once, beside the jars, and copied for each start. */
export const kafkaPlan: ServerPlan = {
  part: 'kafka',
  portCount: 2,
  versionJar: /^kafka_2\.13-(.+)\.jar$/,
  maxHeapMb: 512,

  async prepare({ jars, local, data, ports }) {
    const [port, controllerPort] = ports;
    const log = join(data, 'log');
    await cp(join(jars, FORMATTED), log, { recursive: true });
    const settings = join(data, 'server.properties');
    await writeSettings(settings, local, log, `${port}`, `${controllerPort}`);
    return [`-Dlog4j2.configurationFile=${join(local, 'log4j2.properties')}`, 'kafka.Kafka', settings];
  },

  async finishFetch(jars, local, java, environment) {
    const settings = join(jars, 'format.properties');
    await writeSettings(settings, local, join(jars, FORMATTED), '9092', '9093');
    const clusterId = randomBytes(16).toString('base64url');
    const { code, output } = await runCommand(
      java,
      ['-cp', join(jars, '*'), 'kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', settings],
      { environment, timeoutMs: 60_000 },
    );
    if (code !== 0) throw new PartsError(`Kafka's StorageTool could not format a log folder:\n${output.slice(-2000)}`);
  },
};

async function writeSettings(
  file: string,
  local: string,
  log: string,
  port: string,
  controllerPort: string,
): Promise<void> {
  const common = await readFile(join(local, 'kafka', 'server.properties'), 'utf8');
  const own = [
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `log.dirs=${propertyValue(log)}`,
  ];
  await writeFile(file, `${common}\n${own.join('\n')}\n`);
}

/** A value as java.util.Properties reads it: Latin-1, everything else and the backslash escaped. */
function propertyValue(text: string): string {
  return text.replace(/[^\x20-\x5b\x5d-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
