import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AlarmConfiguration } from '../config/configuration.ts';

/** Where alarms go; one that is made for an address asks its owner by mail to confirm. */
export function alarmTopic(scope: Construct, alarms: AlarmConfiguration | undefined): ITopic | undefined {
  if (alarms === undefined) return undefined;
  if ('topicArn' in alarms) return Topic.fromTopicArn(scope, 'AlarmTopic', alarms.topicArn);
  const topic = new Topic(scope, 'AlarmTopic', { enforceSSL: true });
  // The policy that asks for TLS replaces the one that SNS makes, by which the account's alarms may publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AllowAlarmsOfTheAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  topic.addSubscription(new EmailSubscription(alarms.email));
  return topic;
}
