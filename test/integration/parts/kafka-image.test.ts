import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Admin, ConfigResourceTypes, Consumer, Producer } from '@platformatic/kafka';
import { expect, it } from 'vitest';
import { cacheFolder } from '../../../lib/local/parts/cache-folder.ts';
import { fetchJars, jarFolder, jarsAreThere } from '../../../lib/local/parts/fetch-jars.ts';
import { freePorts } from '../../../lib/local/parts/free-ports.ts';
import { kafkaPlan } from '../../../lib/local/parts/kafka-plan.ts';
import { findJava } from '../../../lib/local/parts/machine.ts';
import { packageRoot } from '../../../lib/local/parts/package-root.ts';
import { untilItAnswers } from '../../../lib/local/parts/probe.ts';
import { runCommand } from '../../../lib/local/parts/run-command.ts';
import { SupervisorLink } from '../../../lib/local/parts/supervisor-link.ts';
import { freshName } from '../../support/fresh.ts';
import { composeServices, kafkaSettings, LOCAL_FOLDER, readSettings } from '../../unit/parts/compose-file.ts';

// What the image apache/kafka does with a container's variables (docker/ in the repository of apache/kafka): it sets
// CLUSTER_ID if that is missing; `configure` checks them; `launch` has KafkaDockerWrapper write the settings and format
// the log folder, and starts the broker. Here the same class and the same broker, from the jars of the same version, do so
// with the variables of the compose file. What differs: the listeners are bound to 127.0.0.1, because this machine has
// other interfaces than a container's; the controller's port is a free one; all files are in a folder of the test; the
// JVMs are told to start quickly.

/** The image's own. */
const CLUSTER_ID = '5L6g3nShT-eMCtK--X86sw';

it('makes a broker of the variables in the compose file, in the way of its image: a record goes in and comes out', async () => {
  const java = (await findJava(process.env))?.command ?? 'java';
  const jars = await kafkaJars(java);
  const [port, controllerPort] = await freePorts(2);
  const { environment } = (await composeServices({ KAFKA_PORT: `${port}` })).kafka;

  // `configure` wants nothing more of a node that is no controller alone and advertises neither SSL:// nor SASL_…://, and
  // leaves listeners alone that are given.
  expect(environment).toMatchObject({
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:29093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
  });

  await using link = await SupervisorLink.open({ PATH: process.env.PATH });
  const inFolder = (...names: string[]): string => join(link.dataFolder, ...names);
  const variables = {
    ...environment,
    KAFKA_LISTENERS: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${controllerPort}`,
    KAFKA_LOG_DIRS: inFolder('log'),
  };
  const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const jvm = [...(environment.KAFKA_HEAP_OPTS ?? '').split(' '), ...quick, '-cp', join(jars, '*')];

  for (const name of ['default', 'mounted', 'final']) await mkdir(inFolder(name));
  // The default is for a container without any variable: its node.id must not appear.
  await writeFile(inFolder('default', 'server.properties'), 'node.id=99\n');
  const folders = ['default', 'mounted', 'final'].flatMap((name) => [`--${name}-configs-dir`, inFolder(name)]);
  const setup = await runCommand(java, [...jvm, 'kafka.docker.KafkaDockerWrapper', 'setup', ...folders], {
    environment: { ...variables, CLUSTER_ID },
    timeoutMs: 60_000,
  });
  expect(setup.code, setup.output).toBe(0);
  const settings = kafkaSettings(variables);
  expect(await readSettings(inFolder('final', 'server.properties'))).toEqual(settings);
  expect(await readFile(inFolder('log', 'meta.properties'), 'utf8')).toContain(`cluster.id=${CLUSTER_ID}`);

  const logging = `-Dlog4j2.configurationFile=${join(LOCAL_FOLDER, 'log4j2.properties')}`;
  const start = [logging, ...jvm, 'kafka.Kafka', inFolder('final', 'server.properties')];
  await link.start('kafka', java, start, inFolder('server.log'));
  const isGone = (): boolean => link.processId('kafka') === undefined;
  await untilItAnswers('kafka', `127.0.0.1:${port}`, { timeoutMs: 60_000, isGone });

  const client = { clientId: 'test', bootstrapBrokers: [`127.0.0.1:${port}`] };
  const admin = new Admin(client);
  const { brokers } = await admin.metadata({ topics: [] });
  expect([...brokers.values()]).toMatchObject([{ host: '127.0.0.1', port }]);
  const resource = {
    resourceType: ConfigResourceTypes.BROKER,
    resourceName: '1',
    configurationKeys: Object.keys(settings),
  };
  const [broker] = await admin.describeConfigs({ resources: [resource] });
  // A setting that Kafka does not know has no value here.
  expect(Object.fromEntries(broker?.configs.map(({ name, value }) => [name, value]) ?? [])).toEqual(settings);

  const topic = freshName('topic');
  await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
  await admin.close();
  const producer = new Producer(client);
  await producer.send({ acks: -1, messages: [{ topic, value: Buffer.from('once') }] });
  await producer.close();
  const consumer = new Consumer({ ...client, groupId: freshName('group') });
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 100 });
  for await (const record of stream) {
    expect(record.value.toString()).toBe('once');
    break;
  }
  await consumer.close(true);
});

/** The folder of the jars, fetched if the run uses a broker that the environment names. */
async function kafkaJars(java: string): Promise<string> {
  const jars = await jarFolder('kafka', LOCAL_FOLDER, cacheFolder(packageRoot(), process.env));
  const finish = async (folder: string): Promise<void> => {
    await kafkaPlan.finishFetch?.(folder, LOCAL_FOLDER, java, process.env);
  };
  if (!jarsAreThere(jars)) {
    await fetchJars('kafka', jars, { localFolder: LOCAL_FOLDER, environment: process.env, finish });
  }
  return jars;
}
