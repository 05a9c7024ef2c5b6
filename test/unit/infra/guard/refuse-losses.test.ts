import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseLosses } from '../../../../infra/guard/refuse-losses.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { mappingTemplate } from './mapping-template.ts';

const table = { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } };
const before = { Resources: { Kept: table } };

describe('refuseLosses', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'deployed-')), 'deployed.json');
  const refuse = (content: string, after: unknown) => () => {
    writeFileSync(file, content);
    refuseLosses('deployedTemplate', file, 'KafkaOnce', after);
  };

  it.each([
    ['a template', JSON.stringify(before)],
    ['an answer of get-template', JSON.stringify({ TemplateBody: before, StagesAvailable: ['Original'] })],
  ])('compares with %s', (_, content) => {
    expect(refuse(content, before)).not.toThrow();
    expect(refuse(content, { Resources: {} })).toThrow(ConfigurationError);
    expect(refuse(content, { Resources: {} })).toThrow(
      'deployedTemplate: stack KafkaOnce would lose what these resources hold, or what they know of records:\n  Kept (AWS::DynamoDB::Table): is gone',
    );
  });

  it.each([
    ['no JSON', 'Resources: {}'],
    ['no template', '[]'],
  ])('says how a file is made that holds %s', (_, content) => {
    expect(refuse(content, before)).toThrow(ConfigurationError);
    expect(refuse(content, before)).toThrow('aws cloudformation get-template --stack-name KafkaOnce');
  });

  it('says so of a file that is not there', () => {
    expect(() => refuseLosses('deployedTemplate', 'absent.json', 'KafkaOnce', before)).toThrow(
      "deployedTemplate: is 'absent.json', which cannot be read",
    );
  });

  it.each([
    [
      { Topics: ['orders.v2'] },
      'stack KafkaOnce would go on as before: AWS changes neither topic nor consumer group of an event source mapping, and CloudFormation reports success:\n  Mapping: Topics changes from ["orders"] to ["orders.v2"]\nMake a new consumer',
    ],
    [
      { StartingPosition: 'LATEST' },
      'stack KafkaOnce would replace event source mappings, and CloudFormation makes the new one before the old one goes: AWS refuses it, or the consumer group has two:\n  Mapping: StartingPosition changes from "TRIM_HORIZON" to "LATEST"\nPut back',
    ],
  ])('says of a mapping with %j what would happen, and the way out', (changes, what) => {
    const change = refuse(JSON.stringify(mappingTemplate()), mappingTemplate(changes));
    expect(change).toThrow(what);
    expect(change).toThrow(
      "deploy twice: first without the mapping and all else unchanged (the construct's eventSourceMapping: 'none'",
    );
    expect(refuse(JSON.stringify(mappingTemplate()), { Resources: {} })).not.toThrow();
  });

  const consumer = (changes: object = {}): object => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Environment: {
        Variables: {
          KAFKA_ONCE_NAMESPACE: 'shop-orders',
          KAFKA_ONCE_CLUSTER_LABEL: 'shop',
          KAFKA_ONCE_TABLE: { Ref: 'Kept' },
          ...changes,
        },
      },
    },
  });
  const deployed = { Resources: { ...before.Resources, Orders: consumer() } };

  it.each([
    [{ KAFKA_ONCE_NAMESPACE: 'billing' }, 'KAFKA_ONCE_NAMESPACE changes from "shop-orders" to "billing"'],
    [{ KAFKA_ONCE_CLUSTER_LABEL: 'default' }, 'KAFKA_ONCE_CLUSTER_LABEL changes from "shop" to "default"'],
    [{ KAFKA_ONCE_TABLE: { Ref: 'New' } }, 'KAFKA_ONCE_TABLE changes from {"Ref":"Kept"} to {"Ref":"New"}'],
  ])('refuses a function whose keys change by %j, and nothing else does', (changes, change) => {
    const after = { Resources: { ...before.Resources, Orders: consumer(changes) } };
    expect(refuse(JSON.stringify(deployed), after)).toThrow(
      `stack KafkaOnce would lose what these resources hold, or what they know of records:\n  Orders (AWS::Lambda::Function): ${change}\nPut back`,
    );
    expect(refuse(JSON.stringify(deployed), deployed)).not.toThrow();
  });

  it('tells everything at once', () => {
    const whole = { Resources: { ...before.Resources, ...mappingTemplate().Resources } };
    const change = refuse(JSON.stringify(whole), mappingTemplate({ Topics: ['a'], EventSourceArn: 'b' }));
    for (const what of ['would lose what', 'would go on as before', 'would replace']) expect(change).toThrow(what);
  });
});
