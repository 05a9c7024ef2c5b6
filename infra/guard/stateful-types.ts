/** A type of resource that holds what an update must not lose. */
export interface StatefulType {
  /** Properties whose change replaces the resource: "Update requires: Replacement". */
  readonly immutable: readonly string[];
  /** Values that stand for none. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/**
 * The types of resources that hold data, with the properties that CloudFormation cannot change in place.
 *
 * Source: AWS CloudFormation template reference, the page of each type.
 */
export const statefulTypes: Readonly<Record<string, StatefulType>> = {
  'AWS::DynamoDB::Table': {
    immutable: ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  },
  'AWS::DynamoDB::GlobalTable': { immutable: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'] },
  'AWS::SQS::Queue': { immutable: ['QueueName', 'FifoQueue'], defaults: { FifoQueue: false } },
  'AWS::S3::Bucket': { immutable: ['BucketName'] },
  'AWS::Logs::LogGroup': { immutable: ['LogGroupName'] },
  // What it encrypts is unreadable without it.
  'AWS::KMS::Key': { immutable: ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'] },
  'AWS::MSK::ServerlessCluster': { immutable: ['ClusterName', 'ClientAuthentication', 'VpcConfigs'] },
};
