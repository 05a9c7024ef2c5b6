import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerPlan } from './server-plan.ts';

/** S3Proxy: buckets in memory. */
export const s3Plan: ServerPlan = {
  part: 's3',
  portCount: 1,
  versionJar: /^s3proxy-(.+)\.jar$/,
  maxHeapMb: 192,

  async prepare({ local, data, ports }) {
    const common = await readFile(join(local, 's3', 's3proxy.properties'), 'utf8');
    const settings = join(data, 's3proxy.properties');
    await writeFile(settings, `${common}\ns3proxy.endpoint=http://127.0.0.1:${ports[0]}\n`);
    return [
      `-Dlogback.configurationFile=${join(local, 'logback.xml')}`,
      'org.gaul.s3proxy.Main',
      '--properties',
      settings,
    ];
  },
};
