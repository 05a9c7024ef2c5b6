import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamoDbStore } from '../../../../lib/adapters/dynamodb/commit-store.ts';
import type { TransactionalStore } from '../../../../lib/ports/commit-store.ts';
import { commitOf, markOf } from '../../../contract/commit-store.support.ts';
import { call, claimOf, completionOf, markerOf } from '../../../contract/idempotency-store.contract.ts';

const client = new DynamoDBClient({
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
  requestHandler: { handle: () => Promise.reject(Object.assign(new Error('cut'), { name: 'TimeoutError' })) },
});
const store: TransactionalStore = dynamoDbStore({ tableName: 'markers', client });
const claim = claimOf('a');
const { idempotencyKey, owner } = claim;

type Answer = { readonly kind: string; readonly error?: Error };
const operations: Readonly<Record<keyof TransactionalStore, (() => Promise<Answer | readonly Answer[]>) | undefined>> =
  {
    tableName: undefined,
    insert: () => store.insert([claim], call),
    takeOver: () => store.takeOver([{ ...claim, seen: markerOf(claim) }], call),
    renew: () => store.renew([claim], call),
    complete: () => store.complete([completionOf('a')], call),
    release: () => store.release([{ idempotencyKey, owner, to: 'erase' }], call),
    read: () => store.read([idempotencyKey], call),
    markCompleted: () => store.markCompleted([claim], call),
    commit: () => store.commit(commitOf({ marks: [markOf('a')] }), call),
    setMarks: () => store.setMarks([markOf('a')], call),
    readPositions: () => store.readPositions(['a'], call),
  };

it.each(Object.entries(operations).filter(([, operate]) => operate !== undefined))(
  'a failure of %s says that it was that',
  async (name, operate) => {
    const answers = await operate?.();
    expect([answers].flat()).toMatchObject([
      { kind: 'failed', error: { message: `DynamoDB table "markers": ${name} failed: TimeoutError.` } },
    ]);
  },
);
