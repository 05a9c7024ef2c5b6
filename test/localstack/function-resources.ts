import type { Resource } from './stack.ts';

const code = `
let invocations = 0;
const listTables = () =>
  fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'content-type': 'application/x-amz-json-1.0',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID +
        '/20260101/' + process.env.AWS_REGION + '/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: '{}',
  });
exports.handler = async (event, context) => {
  console.log('asked to ' + event.do);
  if (event.do === 'nothing') return;
  if (event.do === 'list tables') return { status: (await listTables()).status };
  if (event.do === 'throw') throw new TypeError('as told');
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
  return {
    invocation: ++invocations,
    table: process.env.TABLE,
    endpoint: process.env.AWS_ENDPOINT_URL,
    functionName: context.functionName,
    hasTimeLeft: context.getRemainingTimeInMillis() > 0,
  };
};`;

/** May do nothing at all. */
export const role: Resource = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};

/** Its handler does what the event's `do` says; its time-out is two seconds. */
export const functionOf = (runtime: string): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: runtime,
    Handler: 'index.handler',
    Architectures: ['arm64'],
    Timeout: 2,
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Environment: { Variables: { TABLE: 'orders' } },
    Code: { ZipFile: code },
  },
});
