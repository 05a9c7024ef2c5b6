import { describe, expect, it } from 'vitest';
import { mistakenReports } from '../../../../infra/guard/mistaken-reports.ts';

/** A template with a consumer, named as its parts are. */
function template(
  reported: unknown,
  types: readonly string[] | undefined,
  { id = 'Orders', namespace = 'shop-orders', topics = ['orders'] as readonly unknown[] } = {},
) {
  const variables = {
    KAFKA_ONCE_NAMESPACE: namespace,
    ...(reported !== undefined && { KAFKA_ONCE_REPORT_TOPICS: reported }),
  };
  return {
    Resources: {
      [id]: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: variables } } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { 'Fn::GetAtt': [id, 'Arn'] },
          Topics: topics,
          ...(types !== undefined && { FunctionResponseTypes: types }),
        },
      },
    },
  };
}
const taken = ['ReportBatchItemFailures'];
const off = template(undefined, undefined);
const mapping = template(undefined, taken);
const report = template('orders', taken);
const comesOn = {
  logicalId: 'Mapping',
  why: 'is deployed without ReportBatchItemFailures, and Orders would report for "orders"',
};
const goesOff = {
  logicalId: 'Mapping',
  why: 'would lose ReportBatchItemFailures, and Orders is deployed so that it reports for "orders"',
};

describe('mistakenReports', () => {
  it('tells a mapping that does not know reports when its function begins with them', () => {
    expect(mistakenReports(off, report)).toEqual([comesOn]);
  });

  it('tells a mapping that forgets them when its function ends with them', () => {
    expect(mistakenReports(report, off)).toEqual([goesOff]);
  });

  it.each([
    ['off', off, 'mapping', mapping],
    ['mapping', mapping, 'report', report],
    ['report', report, 'mapping', mapping],
    ['mapping', mapping, 'off', off],
    ['off', off, 'off', off],
    ['report', report, 'report', report],
  ])('lets %s, %j, become %s, %j', (_, before, __, after) => {
    expect(mistakenReports(before, after)).toEqual([]);
  });

  it('lets a new consumer report, and one that reports go', () => {
    const other = template('orders', taken, { id: 'Other', namespace: 'other' });
    expect(mistakenReports({ Resources: {} }, report)).toEqual([]);
    expect(mistakenReports(report, { Resources: {} })).toEqual([]);
    expect(mistakenReports(off, other)).toEqual([]);
  });

  it('knows a function under another name by its namespace', () => {
    const renamed = template('orders', taken, { id: 'Renamed' });
    expect(mistakenReports(off, renamed)).toEqual([{ ...comesOn, why: comesOn.why.replace('Orders', 'Renamed') }]);
    expect(mistakenReports(renamed, off)).toEqual([{ ...goesOff, why: goesOff.why.replace('Orders', 'Renamed') }]);
  });

  it('looks at the topics that are reported, and at all where only the deployment knows them', () => {
    expect(mistakenReports(off, template('orders.late', taken))).toEqual([]);
    expect(mistakenReports(off, template('orders.late, orders', taken))).toEqual([comesOn]);
    expect(mistakenReports(off, template({ Ref: 'Topic' }, taken))).toEqual([comesOn]);
    const unknown = template(undefined, undefined, { topics: [{ Ref: 'Topic' }] });
    expect(mistakenReports(unknown, report)).toMatchObject([{ logicalId: 'Mapping' }]);
  });

  it('knows nothing of mappings of other functions, nor of templates without resources', () => {
    const other = template(undefined, undefined, { id: 'Other', namespace: 'other' }).Resources.Mapping;
    expect(mistakenReports({ Resources: { ...mapping.Resources, Foreign: other } }, report)).toEqual([]);
    expect(mistakenReports({}, undefined)).toEqual([]);
  });
});
