import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { describe, expectTypeOf, it } from 'vitest';
import type { AttributeMap } from '../../lib/core/effects/attribute-value.ts';
import type { Effects, PutEffect, TransactWriteAction } from '../../lib/core/effects/effects.ts';

interface Order {
  orderId: string;
  lines: { cents: bigint }[];
}

describe('the types of effects', () => {
  it("take the AWS SDK's own actions as they are", () => {
    expectTypeOf<TransactWriteItem>().toExtend<Parameters<Effects['raw']>[0]>();
    type DocumentAction = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
    expectTypeOf<DocumentAction>().toExtend<Parameters<Effects['document']>[0]>();
  });

  it('do not take what has none of the four', () => {
    expectTypeOf<{ put: object }>().not.toExtend<TransactWriteAction>();
    expectTypeOf<{ Put: string }>().not.toExtend<TransactWriteAction>();
  });

  it('take items that are interfaces', () => {
    expectTypeOf<{ table: string; item: Order }>().toExtend<PutEffect>();
    expectTypeOf<{ table: string; item: string }>().not.toExtend<PutEffect>();
  });

  it('give what the SDK takes', () => {
    expectTypeOf<AttributeMap>().toExtend<NonNullable<NonNullable<TransactWriteItem['Put']>['Item']>>();
  });
});
