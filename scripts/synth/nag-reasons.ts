/** Findings of cdk-nag in the matrix that are right as they are. `finding` matches `<construct path> <rule>`. */
export const nagReasons: readonly { readonly finding: RegExp; readonly reason: string }[] = [
  {
    finding: /\/(?:DeadLetters\/Queue|Failures)\/Resource AwsSolutions-SQS3$/,
    reason: 'It is a dead-letter queue: the function or Lambda sends to it, no redrive policy does.',
  },
  {
    finding: /\/(?:DeadLetters\/Bucket|Failures)\/Resource AwsSolutions-S1$/,
    reason: 'One function writes what is too large for a queue; a log of accesses would need a bucket of its own.',
  },
  {
    finding: /\/Role\/DefaultPolicy\/Resource AwsSolutions-IAM5\[Resource::\*\]$/,
    reason: 'Actions without a resource level, by a list that a unit test holds each of them to.',
  },
  {
    finding: /AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:ec2:[^\]]*\]$/,
    reason: 'Lambda names its network interfaces itself; subnets and security groups may be of another account.',
  },
  {
    finding: /AwsSolutions-IAM5\[Resource::<\w*(?:DeadLettersBucket|Failures)\w*\.Arn>\/\*\]$/,
    reason: 'Objects of one bucket: their names come with the records.',
  },
  {
    finding:
      /^SchemaRegistry\/.*AwsSolutions-IAM5\[Resource::\["arn:\$\{AWS::Partition\}:glue:.*:schema\/\$\{registryName\}\/\*/,
    reason: 'The schemas of one registry: their names come with the records.',
  },
];
