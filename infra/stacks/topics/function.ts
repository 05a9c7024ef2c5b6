import { clusterClient } from './cluster-client.ts';
import { makeTopics } from './make-topics.ts';
import { topicsFrom } from './new-topic.ts';

/** Runs in the VPC of the cluster while the stack is deployed; what it throws fails the deployment. */
export async function handler(): Promise<void> {
  await makeTopics(
    clusterClient(variable, () => new Date()),
    topicsFrom(variable('TOPICS')),
  );
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing in the environment of the function`);
  return value;
}
