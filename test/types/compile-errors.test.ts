import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** In front of each example. */
const preamble = `
import * as main from '../../lib/index.ts';
import * as modes from '../../lib/modes/index.ts';
interface Order { readonly id: string }
declare const value: main.Decoder<Order>;
declare const takesOrder: (record: main.KafkaRecord<Order>) => void;
declare const takesText: (record: main.KafkaRecord<Order, string>) => void;
const { text } = main;
`;

const right: readonly string[] = [
  'main.kafkaHandler({ handle: (record) => record.key?.byteLength })',
  'main.kafkaHandler({ value, handle: takesOrder })',
  'main.kafkaHandler<Order>({ value, handle: takesOrder })',
  'main.kafkaHandler({ value, key: text(), businessId: ({ key, value }) => key ?? value?.id, handle: takesText })',
  'main.kafkaHandler({ key: text(), handle: (record) => record.key?.length })',
  "modes.kafkaHandler({ mode: 'mark', value, handle: takesOrder })",
  "modes.kafkaHandler({ mode: 'position', value, handle: ({ value }, { effects }) => effects.put({ table: 'a', item: { ...value } }) })",
  '<V>(value: main.Decoder<V>, handle: main.RecordHandler<V, Uint8Array>) => main.kafkaHandler({ value, handle })',
  '<K>(key: main.Decoder<K>, handle: main.RecordHandler<unknown, K>) => main.kafkaHandler({ key, handle })',
];

const wrong: readonly (readonly [code: string, message: string])[] = [
  ["main.kafkaHandler({ value, buisnessId: 'value.id', handle: takesOrder })", "Did you mean to write 'businessId'?"],
  [
    "main.kafkaHandler({ value, mode: 'transaction', handle: takesOrder })",
    `Type '"transaction"' is not assignable to type '"claim"'.`,
  ],
  [
    "main.kafkaHandler({ value, commit: 'each', handle: takesOrder })",
    "'commit' does not exist in type 'ClaimOptions<",
  ],
  [
    'main.kafkaHandler({ value, handle: (_, { effects }) => effects })',
    "'effects' does not exist on type 'HandlerContext'",
  ],
  ['main.kafkaHandler({ handle: takesOrder })', "is not assignable to type 'KafkaRecord<Order"],
  ['main.kafkaHandler<Order>({ handle: takesOrder })', "Property 'value' is missing"],
  ['main.kafkaHandler({ value, handle: takesText })', "is not assignable to type 'KafkaRecord<Order, string>'"],
  [
    "modes.kafkaHandler({ mode: 'transaction', value, completionLag: 5, handle: (_, { effects }) => effects })",
    "'completionLag' does not exist in type 'TransactionOptions<Order",
  ],
  [
    "modes.kafkaHandler({ mode: 'position', value, businessId: 'value.id', handle: (_, { effects }) => effects })",
    "'businessId' does not exist in type 'PositionOptions<Order",
  ],
  [
    "modes.kafkaHandler({ mode: 'transaction', value, handle: (_, { fence }) => fence })",
    "'fence' does not exist on type 'EffectContext'",
  ],
  ["modes.kafkaHandler({ mode: 'mark', value })", "Property 'handle' is missing"],
  [
    "modes.kafkaHandler({ mode: 'mark', store: main.dynamoDbStore({ tableName: 'a' }), handle: () => undefined })",
    "missing the following properties from type 'TransactionalStore': commit, setMarks, readPositions",
  ],
];

it('the compiler takes what is right, and says of what is wrong what it is', async () => {
  await mkdir(join(root, '.cache'), { recursive: true });
  const folder = await mkdtemp(join(root, '.cache/compile-errors-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const all = [...right, ...wrong.map(([code]) => code)];
  await Promise.all(all.map((code, at) => writeFile(join(folder, `example-${at}.ts`), `${preamble}void (${code});\n`)));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }));
  const said = await new Promise<string>((resolve) => {
    execFile(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    );
  });
  const messages = new Map<number, string>();
  for (const part of said.split(/^(?=example-\d+\.ts\()/m)) {
    const at = Number(/^example-(\d+)/.exec(part)?.[1]);
    messages.set(at, `${messages.get(at) ?? ''}${part}`);
  }
  for (const [at, code] of right.entries()) expect(messages.get(at), code).toBeUndefined();
  for (const [at, [code, message]] of wrong.entries()) {
    expect(messages.get(right.length + at), code).toContain(message);
  }
});
