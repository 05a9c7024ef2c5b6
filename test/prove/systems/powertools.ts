import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { fakeContext } from '../../../lib/testing/fake-context.ts';
import { cellsOf, type Site, type Unreachable } from '../cells.ts';
import { handleAsPlanned, produceOutside } from '../handling.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { InvocationContext, Invoke, System } from '../system.ts';
import type { World } from '../world.ts';
import { isInClaimWindow } from './claim-window.ts';
import { claimOfInvocation, clientOfHosts, forgetClaim, inHost, type Tables } from './powertools-client.ts';

const sites: readonly Site[] = ['PutItem', 'UpdateItem', 'DeleteItem', 'effect'];
const unreachable: readonly Unreachable[] = [
  { site: 'GetItem', why: 'a refused PutItem shows the item that is in the way, so it is never read' },
];

/** A record as `kafkaConsumer` of Powertools hands it over. */
interface ConsumerRecord {
  readonly value: { readonly id?: number };
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

/** What a user makes of the documentation. */
interface Use {
  readonly mode: string;
  /** The business ID, as a JMESPath expression on the record. */
  readonly eventKeyJmesPath: string;
  readonly registersContext: boolean;
}

/**
 * As in the Kafka samples: one `for` loop over the records, the business ID as the key, no Lambda context registered.
 *
 * The sample's own expression, `topic & '-' & partition & '-' & offset`, does not parse as JMESPath, and would be applied to
 * the value; so the one of `makeIdempotent`'s own documentation is used, an ID of the record.
 */
const documented: Use = { mode: 'as documented', eventKeyJmesPath: 'value.id', registersContext: false };

/** With all that the documentation offers: the Lambda context registered, coordinates where there is no ID. */
const careful: Use = {
  mode: 'with care',
  eventKeyJmesPath: "value.id || join('-', [topic, to_string(partition), to_string(offset), to_string(timestamp)])",
  registersContext: true,
};

export const powertoolsSystems: readonly System[] = [documented, careful].map(
  (use): System => ({
    name: 'Powertools',
    mode: use.mode,
    // A sample: it is slower, and its result is plain long before.
    share: 0.05,
    sites,
    unreachable,
    cells: cellsOf(sites),
    claimsFailuresOnly: false,
    hasDeadLetters: false,
    knownBy: 'businessId',
    // Its loop is strictly sequential, and a throw delivers the whole batch again.
    adjust: (settings) => ({ ...settings, ordering: 'partition', reports: false }),
    open: (world, injector) => {
      const tables: Tables = new Map();
      return {
        start: (host) => startPowertools(use, world, injector, host, tables),
        effects: () => world.effects,
        // It names no window; by that of `claim` the two can be compared.
        isInWindow: isInClaimWindow,
      };
    },
  }),
);

function startPowertools(use: Use, world: World, injector: Injector, host: Host, tables: Tables): Invoke {
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'idempotency', awsSdkV3Client: clientOfHosts });
  const config = new IdempotencyConfig({ eventKeyJmesPath: use.eventKeyJmesPath });
  const processIdempotently = makeIdempotent(
    async (record: ConsumerRecord, requestId: string): Promise<string> => {
      const planned = world.recordAt({ ...record, timestampMs: record.timestamp });
      const run = world.startRun(planned, host, requestId, claimOfInvocation());
      await handleAsPlanned(world, run, undefined, () => produceOutside(world, injector, run, undefined));
      return 'done';
    },
    { persistenceStore, config },
  );
  const handler = async (event: unknown, context: InvocationContext): Promise<void> => {
    if (use.registersContext) config.registerLambdaContext({ ...fakeContext(), ...context });
    for (const record of consumed(event)) {
      forgetClaim();
      await processIdempotently(record, context.awsRequestId);
    }
  };
  return (event, context) => inHost({ host, injector, tables, world, claim: undefined }, () => handler(event, context));
}

function consumed(event: unknown): ConsumerRecord[] {
  const { records }: { records: Record<string, (Omit<ConsumerRecord, 'value'> & { value: string })[]> } = JSON.parse(
    JSON.stringify(event),
  );
  return Object.values(records)
    .flat()
    .map((record) => ({ ...record, value: JSON.parse(Buffer.from(record.value, 'base64').toString('utf8')) }));
}
