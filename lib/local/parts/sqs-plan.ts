import { join } from 'node:path';
import type { ServerPlan } from './server-plan.ts';

/** ElasticMQ: queues in memory. */
export const sqsPlan: ServerPlan = {
  part: 'sqs',
  portCount: 1,
  versionJar: /^elasticmq-server_2\.13-(.+)\.jar$/,
  maxHeapMb: 192,

  prepare({ local, ports }) {
    return Promise.resolve([
      `-Dlogback.configurationFile=${join(local, 'logback.xml')}`,
      '-Drest-sqs.bind-hostname=127.0.0.1',
      `-Drest-sqs.bind-port=${ports[0]}`,
      '-Drest-stats.enabled=false',
      // The host and port in the queue URLs that it hands out.
      '-Dnode-address.host=127.0.0.1',
      `-Dnode-address.port=${ports[0]}`,
      'org.elasticmq.server.Main',
    ]);
  },
};
