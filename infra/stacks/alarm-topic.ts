import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { AlarmConfiguration } from '../config/configuration.ts';

/** Where alarms go; one that is made for an address asks its owner by mail to confirm. */
export function alarmTopic(scope: Construct, alarms: AlarmConfiguration | undefined): ITopic | undefined {
  if (alarms === undefined) return undefined;
  if ('topicArn' in alarms) return Topic.fromTopicArn(scope, 'AlarmTopic', alarms.topicArn);
  const topic = new Topic(scope, 'AlarmTopic', { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(alarms.email));
  return topic;
}
