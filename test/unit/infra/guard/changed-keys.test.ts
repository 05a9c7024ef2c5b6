import { describe, expect, it } from 'vitest';
import { changedKeys } from '../../../../infra/guard/changed-keys.ts';

const template = (variables: object, logicalId = 'Orders') => ({
  Resources: {
    [logicalId]: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: variables } } },
    Other: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'index.handler' } },
  },
});
const variables = {
  KAFKA_ONCE_NAMESPACE: 'shop-orders',
  KAFKA_ONCE_CLUSTER_LABEL: 'shop',
  KAFKA_ONCE_TABLE: { Ref: 'Table' },
  KAFKA_ONCE_LEASE_MS: '3000',
};

describe('changedKeys', () => {
  it.each([
    ['KAFKA_ONCE_NAMESPACE', 'billing', '"shop-orders" to "billing"'],
    ['KAFKA_ONCE_CLUSTER_LABEL', 'other', '"shop" to "other"'],
    ['KAFKA_ONCE_TABLE', { Ref: 'Table2' }, '{"Ref":"Table"} to {"Ref":"Table2"}'],
  ])('tells a function with another %s', (name, value, change) => {
    expect(changedKeys(template(variables), template({ ...variables, [name]: value }))).toEqual([
      { logicalId: 'Orders', changes: [`${name} changes from ${change}`] },
    ]);
  });

  const mode = 'KAFKA_ONCE_MODE';
  it.each([
    ['claim', 'position', [`${mode} changes from "claim" to "position"`]],
    ['position', 'transaction', [`${mode} changes from "position" to "transaction"`]],
    [undefined, 'position', [`${mode} changes from none to "position"`]],
    ['position', 'position', []],
    ['claim', 'transaction', []],
    ['transaction', 'mark', []],
    [undefined, 'claim', []],
  ])('of modes %s and %s, which know each other unless one is position', (before, after, changes) => {
    const told = changedKeys(template({ ...variables, [mode]: before }), template({ ...variables, [mode]: after }));
    expect(told).toEqual(changes.length === 0 ? [] : [{ logicalId: 'Orders', changes }]);
  });

  it('tells a consumer that is gone', () => {
    expect(changedKeys(template(variables), { Resources: {} })).toEqual([
      { logicalId: 'Orders', changes: ['is gone, and nothing has its namespace'] },
    ]);
  });

  it('lets a function be replaced that keeps its namespace, and other variables change', () => {
    const after = template({ ...variables, KAFKA_ONCE_LEASE_MS: '5000' }, 'OrdersOfTomorrow');
    expect(changedKeys(template(variables), after)).toEqual([]);
  });

  it('knows nothing of functions that are no consumers, nor of templates without resources', () => {
    expect(changedKeys(template({}), template({}))).toEqual([]);
    expect(changedKeys({}, undefined)).toEqual([]);
  });
});
