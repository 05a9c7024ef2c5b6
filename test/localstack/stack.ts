import { randomUUID } from 'node:crypto';
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { cloudFormation } from './clients.ts';

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What became of a stack. */
export interface Stack {
  readonly status: string;
  /** Of each resource that failed: its logical name and why. */
  readonly failures: readonly string[];
  /** The physical ID of the resource with this logical name. */
  readonly physicalId: (logicalId: string) => string;
  readonly remove: () => Promise<void>;
}

/** Creates a stack and waits until it is complete or has failed. */
export async function createStack(endpoint: string, resources: Readonly<Record<string, Resource>>): Promise<Stack> {
  const client = cloudFormation(endpoint);
  const name = `s-${randomUUID()}`;
  const outputs = Object.fromEntries(Object.keys(resources).map((id) => [id, { Value: { Ref: id } }]));
  await client.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: JSON.stringify({ Resources: resources, Outputs: outputs }),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  // It throws for a failed stack, whose status is read below.
  const settings = { client, maxWaitTime: 60, minDelay: 0.2, maxDelay: 1 };
  await waitUntilStackCreateComplete(settings, { StackName: name }).catch(() => undefined);
  const stack = (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  const events = (await client.send(new DescribeStackEventsCommand({ StackName: name }))).StackEvents ?? [];
  return {
    status: stack?.StackStatus ?? 'NONE',
    failures: events
      .filter((event) => event.ResourceStatus === 'CREATE_FAILED' && event.ResourceStatusReason !== undefined)
      .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`),
    physicalId(logicalId) {
      const value = stack?.Outputs?.find((output) => output.OutputKey === logicalId)?.OutputValue;
      if (value === undefined) throw new Error(`Stack ${name} (${stack?.StackStatus}) has no resource ${logicalId}`);
      return value;
    },
    async remove() {
      await client.send(new DeleteStackCommand({ StackName: name }));
    },
  };
}
