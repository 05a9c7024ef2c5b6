import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Days, or for ever. Source: CloudWatch Logs API reference, PutRetentionPolicy. */
export type LogRetention =
  | (1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731)
  | (1096 | 1827 | 2192 | 2557 | 2922 | 3288 | 3653)
  | 'never';

/** How long CloudWatch Logs can keep a log. */
export const logRetentions: readonly LogRetention[] = [
  ...([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const),
  ...([1096, 1827, 2192, 2557, 2922, 3288, 3653, 'never'] as const),
];

/** CDK's word for it. */
export function retentionOf(retention: LogRetention): RetentionDays {
  return retention === 'never' ? RetentionDays.INFINITE : retention;
}
