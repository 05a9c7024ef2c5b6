import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { KafkaSecret } from './kafka-authentication.ts';

/**
 * Grants `secretsmanager:GetSecretValue` on the secret, and `kms:Decrypt` on its key if it has one of its own.
 *
 * `ISecret.grantRead` would grant more (`DescribeSecret`), and nothing on a key that was imported.
 */
export function grantSecret(grantee: IGrantable, secret: KafkaSecret): void {
  // Secrets Manager ends each ARN with six characters; a secret that was imported by its name lacks them.
  const arn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  Grant.addToPrincipalOrResource({
    grantee,
    actions: ['secretsmanager:GetSecretValue'],
    resourceArns: [arn],
    resource: secret,
  });
  secret.encryptionKey?.grantDecrypt(grantee);
}
