import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import type { KafkaSecret } from './kafka-authentication.ts';

const property = 'authentication.secret';
const prefix = 'AmazonMSK_';

/**
 * What is wrong with a SCRAM secret for MSK: its name begins with `AmazonMSK_`, and its key is a customer managed one.
 *
 * Source: MSK developer guide, "Set up SASL/SCRAM authentication for an Amazon MSK cluster".
 */
export function mskSecretProblems(secret: KafkaSecret): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const name = knownName(secret);
  if (name !== undefined && !name.startsWith(prefix)) {
    const is = name === '' ? 'has no secretName, so CloudFormation chooses one' : `is '${name}'`;
    problems.push({ property, message: `${is}; MSK takes only SCRAM secrets whose name begins with ${prefix}` });
  }
  if (secret.encryptionKey === undefined) {
    const message =
      'names no encryptionKey; MSK takes only SCRAM secrets that are encrypted with a customer managed key, and Lambda has to use it. Import it with Secret.fromSecretAttributes(…, { secretCompleteArn, encryptionKey })';
    problems.push({ property, message });
  }
  return problems;
}

/** Empty where CloudFormation chooses the name; undefined where only the deployment knows it. */
function knownName(secret: KafkaSecret): string | undefined {
  const resource = secret.node.defaultChild;
  if (!CfnSecret.isCfnSecret(resource)) return Token.isUnresolved(secret.secretName) ? undefined : secret.secretName;
  const name: unknown = Stack.of(secret).resolve(resource.name) ?? '';
  return typeof name === 'string' ? name : undefined;
}
