import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The table that `handlers/index-customers.ts` keeps: partition key `customerId`, TTL on `expiresAt`. */
export class CustomerTable extends Construct {
  readonly table: Table;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly deletionProtection: boolean; readonly removalPolicy: RemovalPolicy },
  ) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'customerId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...props,
    });
  }

  /** Grants the conditional writes of the handler, and nothing else. */
  grantPut(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:PutItem'], resourceArns: [this.table.tableArn] });
  }
}
