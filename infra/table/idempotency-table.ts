import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import type { Mode } from '../../lib/handler/options/mode-rules.ts';
import { grantMarkers } from './grant-markers.ts';
import { grantReleases } from './grant-releases.ts';
import { markerTableProblems } from './marker-table-problems.ts';

/** A table of idempotency markers that consumers may share; namespaces keep them apart. */
export interface IIdempotencyTable {
  readonly tableName: string;
  readonly tableArn: string;
  /** The Region that it is in, which has to be the function's. */
  readonly region: string;
  /** Grants what a handler in a mode does with the table, and nothing else. Default: `'claim'`. */
  grantMarkers(grantee: IGrantable, mode?: Mode): Grant;
  /** Grants a person what releases a held Kafka key, or a business ID whose outcome was unknown: to delete one marker. */
  grantReleases(grantee: IGrantable): Grant;
}

/**
 * - `encryptionKey`: a customer managed key. Default: the AWS managed key of DynamoDB.
 * - `deletionProtection`: default true. CloudFormation cannot delete such a table, whatever happens to its stack.
 * - `removalPolicy`: default `RETAIN`. Without its markers everything that Kafka delivers again takes effect again.
 * - `tableName`: default: CloudFormation's choice. To change it later makes a new, empty table.
 */
export interface IdempotencyTableProps {
  readonly encryptionKey?: IKey;
  readonly deletionProtection?: boolean;
  readonly removalPolicy?: RemovalPolicy;
  readonly tableName?: string;
}

/**
 * The DynamoDB table of the markers: partition key `id`, on demand, TTL on `expiration`, point-in-time recovery,
 * encrypted, protected against deletion, and kept when its stack goes.
 *
 * On demand, because a consumer that catches up writes in bursts. A marker costs two write units (claim and completion, a
 * KB each) and storage until it expires, 14 days by default.
 */
export class IdempotencyTable extends Construct implements IIdempotencyTable {
  /**
   * A table that exists: partition key `id` (string), TTL on `expiration`. `encryptionKey` if it has a customer managed
   * one.
   */
  static fromTableName(scope: Construct, id: string, tableName: string, encryptionKey?: IKey): IIdempotencyTable {
    const attributes = { tableName, ...(encryptionKey !== undefined && { encryptionKey }) };
    return idempotencyTable(Table.fromTableAttributes(scope, id, attributes));
  }

  /**
   * A table of CDK's, made in the app or imported: partition key `id` (string), TTL on `expiration`.
   *
   * @throws ConfigurationError if the app makes it otherwise.
   */
  static fromTable(table: ITable | Table): IIdempotencyTable {
    refuseProblems(markerTableProblems(table));
    return idempotencyTable(table);
  }

  readonly table: Table;

  constructor(scope: Construct, id: string, props: IdempotencyTableProps = {}) {
    super(scope, id);
    checkName(props.tableName);
    const { encryptionKey, tableName } = props;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiration',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: encryptionKey === undefined ? TableEncryption.AWS_MANAGED : TableEncryption.CUSTOMER_MANAGED,
      ...(encryptionKey !== undefined && { encryptionKey }),
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      ...(tableName !== undefined && { tableName }),
    });
  }

  get tableName(): string {
    return this.table.tableName;
  }

  get tableArn(): string {
    return this.table.tableArn;
  }

  get region(): string {
    return this.table.env.region;
  }

  grantMarkers(grantee: IGrantable, mode: Mode = 'claim'): Grant {
    return grantMarkers(grantee, this.table, mode);
  }

  grantReleases(grantee: IGrantable): Grant {
    return grantReleases(grantee, this.table);
  }
}

function idempotencyTable(table: ITable | Table): IIdempotencyTable {
  const { tableName, tableArn } = table;
  return {
    ...{ tableName, tableArn, region: regionOf(table) },
    grantMarkers: (grantee, mode = 'claim') => grantMarkers(grantee, table, mode),
    grantReleases: (grantee) => grantReleases(grantee, table),
  };
}

/** The Region of its ARN, where that tells one: of `Table.fromTableArn` CDK says that it is where the stack is. */
function regionOf({ tableArn, env }: ITable | Table): string {
  const [, , , region = ''] = tableArn.split(':');
  return region === '' ? env.region : region;
}

function checkName(tableName: string | undefined): void {
  if (tableName === undefined || Token.isUnresolved(tableName) || /^[a-zA-Z0-9_.-]{3,255}$/.test(tableName)) return;
  throw new ConfigurationError(
    'tableName',
    `is '${tableName}'; DynamoDB takes 3 to 255 characters of a-z, A-Z, 0-9, '_', '-' and '.'`,
  );
}
