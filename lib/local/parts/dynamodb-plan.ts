import { join } from 'node:path';
import type { ServerPlan } from './server-plan.ts';

/** DynamoDB Local, in memory, bound to 127.0.0.1 by Jetty's own configuration (see local/dynamodb/jetty.xml). */
export const dynamodbPlan: ServerPlan = {
  part: 'dynamodb',
  portCount: 1,
  versionJar: /^DynamoDBLocal-(.+)\.jar$/,
  maxHeapMb: 384,

  prepare({ jars, local, ports }) {
    return Promise.resolve([
      `-Dlog4j2.configurationFile=${join(local, 'log4j2.properties')}`,
      `-Djava.library.path=${jars}`,
      `-Dsqlite4java.library.path=${jars}`,
      `-DkafkaOnce.port=${ports[0]}`,
      'org.eclipse.jetty.xml.XmlConfiguration',
      join(local, 'dynamodb', 'jetty.xml'),
    ]);
  },
};
