import type { DemoResult } from './run-demo.ts';

type Section = readonly [title: string, rows: readonly Row[]];
type Row = readonly [label: string, value: number | string | undefined, remark?: string];

/** The table at the end of a run. */
export function report(result: DemoResult): string {
  const without = result.mode === 'without idempotency';
  const sections: readonly Section[] = [
    [
      'topic',
      [
        ['records', result.records, `in ${result.partitions} partitions`],
        ['orders to charge', result.orders],
        ['records with an effect', result.handled, without ? 'orders charged' : 'completed markers'],
        ['duplicates', result.duplicates],
        ['dead letters', result.deadLettered, 'poison and tombstones'],
        ['orders among them', result.deadLetteredOrders],
      ],
    ],
    [
      'what happened',
      [
        ['kills', result.kills, 'SIGKILL while an invocation ran'],
        ['invocations', result.invocations],
        ['deliveries', result.deliveries, 'everything twice, and what was retried'],
        ['requests at the gateway', result.gatewayRequests],
        ['recognised by the gateway', result.absorbedByGateway, 'phase 1'],
        ['DynamoDB requests', result.dynamodbRequests, 'counted at the proxy'],
      ],
    ],
    [
      'what came of it',
      [
        ['charges', result.charges],
        ['lost records', result.lost, 'must be 0'],
        ['second charges, phase 1', result.doubled, 'must be 0'],
        [
          'second charges, phase 2',
          result.repeatedInWindow,
          `at most ${result.windowBound}, unconfirmed at kills and the cut${result.unconfirmedAtAnswers > 0 ? ', and those below' : ''}`,
        ],
        ['unconfirmed at answers', result.unconfirmedAtAnswers, 'leases lost on a busy machine, mostly 0'],
        ['outside that window', result.repeatedOutsideWindow, 'must be 0'],
        ['effects of delivering all again', result.effectsAtRedelivery, 'must be 0'],
      ],
    ],
    ...ledgerSection(result),
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([label]) => label.length)));
  const lines = sections.flatMap(([title, rows]) => [
    title,
    ...rows.map(([label, value, remark = '']) =>
      `  ${label.padEnd(width)}  ${String(value).padStart(8)}  ${remark}`.trimEnd(),
    ),
    '',
  ]);
  const versions = `Kafka ${result.kafkaVersion}, ${databaseName(result.dynamodbVersion)}`;
  const verdict =
    result.broken.length === 0 ? ['Every promise was kept.'] : result.broken.map((fault) => `BROKEN: ${fault}`);
  return [...lines, `${result.seconds} s, ${versions}, mode: ${result.mode}, --seed ${result.seed}`, ...verdict].join(
    '\n',
  );
}

/** The database as its part's version names it: containers have the one of LocalStack, which is DynamoDB Local too. */
export function databaseName(version: string): string {
  return version.startsWith('LocalStack ') ? `DynamoDB of ${version}` : `DynamoDB Local ${version}`;
}

function ledgerSection(result: DemoResult): readonly Section[] {
  const { ledgerRecords, ledgerSteps, ledgerAccounts, ledgerBalanceCents } = result;
  if (ledgerRecords === undefined) return [];
  return [
    [
      'ledger, mode transaction',
      [
        ['records', ledgerRecords],
        ['steps of orders to book', ledgerSteps],
        ['dead letters', result.ledgerDeadLettered, 'steps that an order cannot take, and poison'],
        ['kills', result.ledgerKills],
        ['deliveries', result.ledgerDeliveries],
        ['accounts', ledgerAccounts, `which owe ${((ledgerBalanceCents ?? 0) / 100).toFixed(2)}`],
        ['second letters at the end', result.ledgerRepeatedLetters, 'whose mark was lost at a cut'],
        ['wrong orders and accounts', result.ledgerMismatch, 'must be 0, to the cent'],
        ['wrong dead letters', result.ledgerLetterMismatch, 'must be 0'],
      ],
    ],
  ];
}
