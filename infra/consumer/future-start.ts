import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { StartingPosition } from '../../lib/core/esm/settings.ts';

/**
 * Warns on `scope`, as `kafka-once:startingPosition`, of a start in the future: AWS refuses it if it still is one when the
 * stack is deployed.
 *
 * Source: AWS Lambda API reference, CreateEventSourceMapping, StartingPositionTimestamp.
 */
export function warnOfFutureStart(scope: Construct, position: StartingPosition | undefined, nowMs: number): void {
  if (typeof position !== 'object' || position.atTimestampMs <= nowMs) return;
  Annotations.of(scope).addWarningV2(
    'kafka-once:startingPosition',
    `startingPosition is ${new Date(position.atTimestampMs).toISOString()}, which lies in the future: AWS takes no such start. Give a time that is over when the stack is deployed, or 'LATEST'`,
  );
}
