import { AsyncLocalStorage } from 'node:async_hooks';
import { type AttributeValue, ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Site } from '../cells.ts';
import type { ClaimSeen } from '../claim-log.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { World } from '../world.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/** The items of one schedule's table, by `id`. */
export type Tables = Map<string, Item>;

/** An invocation: where its calls come from, and the claim it was granted last. */
export interface Surroundings {
  readonly host: Host;
  readonly injector: Injector;
  readonly tables: Tables;
  readonly world: World;
  claim: ClaimSeen | undefined;
}

const surroundings = new AsyncLocalStorage<Surroundings>();

/**
 * A client of the real SDK that asks the table of the process it is called in, not a server: one for all, since making one
 * costs more than a schedule.
 */
export const clientOfHosts: DynamoDBClient = new DynamoDBClient({ region: 'local' });
clientOfHosts.middlewareStack.add(
  (_next, { commandName }) =>
    async ({ input }) => {
      const around = surroundings.getStore();
      if (around === undefined) throw new Error('called outside a process');
      const site = siteOf(commandName);
      const { claim } = around;
      const output = await around.injector.call<object>(around.host, site, {
        carryOut: async () => {
          const answer = carryOut(site, requestOf(input), around.tables);
          if (site === 'PutItem') around.claim = newClaim(around.world);
          if (site === 'UpdateItem' && claim !== undefined) claim.markedAt ??= around.world.nextEvent();
          return answer;
        },
        struck: () => {
          if (site === 'UpdateItem' && claim !== undefined) claim.markingFailed = true;
        },
        failed: (why) => {
          throw new Error(why);
        },
        // The SDK has no time-out of its own.
        signal: undefined,
      });
      return { output: { $metadata: {}, ...output }, response: {} };
    },
  { step: 'initialize' },
);

/**
 * Runs something with the clock of a process: Powertools asks `Date.now`. Its warnings (no Lambda context, no ID) would be
 * thousands of lines.
 */
export function inHost<T>(around: Surroundings, work: () => Promise<T>): Promise<T> {
  takeOverGlobals();
  return surroundings.run(around, work);
}

function newClaim(world: World): ClaimSeen {
  const at = world.nextEvent();
  return { owner: String(at), at, markedAt: undefined, markingFailed: false };
}

/** The claim that the calling invocation was granted last; undefined where it was not asked for one. */
export function claimOfInvocation(): ClaimSeen | undefined {
  return surroundings.getStore()?.claim;
}

/** The next record has not been claimed. */
export function forgetClaim(): void {
  const around = surroundings.getStore();
  if (around !== undefined) around.claim = undefined;
}

let isTakenOver = false;

function takeOverGlobals(): void {
  if (isTakenOver) return;
  isTakenOver = true;
  const { now } = Date;
  const { warn } = console;
  Date.now = () => surroundings.getStore()?.host.clock.nowMs() ?? now();
  console.warn = (...words: unknown[]) => {
    if (surroundings.getStore() === undefined) warn(...words);
  };
}

function siteOf(commandName: string | undefined): Site {
  switch (commandName) {
    case 'PutItemCommand':
      return 'PutItem';
    case 'UpdateItemCommand':
      return 'UpdateItem';
    case 'DeleteItemCommand':
      return 'DeleteItem';
    case 'GetItemCommand':
      return 'GetItem';
    default:
      throw new Error(`${commandName} is not known here`);
  }
}

interface Request {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

/** Commands that Powertools does not send have other shapes; `siteOf` has refused them. */
function requestOf(input: object): Request {
  return input;
}

function carryOut(site: Site, request: Request, tables: Tables): object {
  const id = (request.Item ?? request.Key)?.id?.S ?? '';
  const existing = tables.get(id);
  switch (site) {
    case 'PutItem':
      if (existing !== undefined && !isFree(existing, request.ExpressionAttributeValues ?? {})) {
        throw new ConditionalCheckFailedException({ message: 'refused', Item: { ...existing }, $metadata: {} });
      }
      tables.set(id, request.Item ?? {});
      return {};
    case 'UpdateItem':
      tables.set(id, { ...existing, ...request.Key, ...assigned(request) });
      return {};
    case 'DeleteItem':
      tables.delete(id);
      return {};
    default:
      return existing === undefined ? {} : { Item: existing };
  }
}

/** The condition that Powertools sends: expired, or in progress past its time. */
function isFree(item: Item, values: Item): boolean {
  const isExpired = numberOf(item.expiration) < numberOf(values[':now']);
  const isOver = numberOf(item.in_progress_expiration) < numberOf(values[':now_in_millis']);
  return isExpired || (item.status?.S === 'INPROGRESS' && isOver);
}

/** NaN, which is below nothing, where there is none. */
function numberOf(value: AttributeValue | undefined): number {
  return Number(value?.N);
}

/** What `SET #a = :a, #b = :b` assigns. */
function assigned({
  UpdateExpression = '',
  ExpressionAttributeNames = {},
  ExpressionAttributeValues = {},
}: Request): Item {
  const parts = UpdateExpression.replace(/^SET /, '').split(', ');
  return Object.fromEntries(
    parts.flatMap((part) => {
      const [name = '', value = ''] = part.split(' = ');
      const attribute = ExpressionAttributeNames[name];
      const assignedValue = ExpressionAttributeValues[value];
      return attribute === undefined || assignedValue === undefined ? [] : [[attribute, assignedValue]];
    }),
  );
}
