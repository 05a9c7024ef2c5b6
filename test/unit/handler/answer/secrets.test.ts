import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { json } from '../../../../lib/core/decode/json.ts';
import { text } from '../../../../lib/core/decode/text.ts';
import { UndoneRecordsError, UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { BusinessId } from '../../../../lib/core/idempotency-key/business-id.ts';
import { kafkaHandler } from '../../../../lib/handler/kafka-handler.ts';
import { consoleObserver } from '../../../../lib/handler/observe/console-observer.ts';
import { jmespath } from '../../../../lib/jmespath/index.ts';
import type { Observation } from '../../../../lib/ports/observer.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../../lib/testing/seeded-randomness.ts';
import { randomFaults } from '../../../support/batches.ts';

/** Stands in every place of a record and in every error; neither it nor its base64 may get out. */
const secret = 'Zq7SecretContentZq7';
const base64Of = (content: string): string => Buffer.from(content).toString('base64');

/** Every way in which the secret could be written down. */
function traces(): string[] {
  const shifted = ['', 'x', 'xx'].map((before) => base64Of(`${before}${secret}yy`).slice(4, 20));
  return [secret, ...shifted, [...Buffer.from(secret)].slice(0, 8).join(',')];
}

const value = fc.constantFrom<unknown>(
  base64Of(JSON.stringify({ id: secret, name: secret })),
  base64Of(JSON.stringify({ id: { [secret]: secret }, [secret]: secret })),
  base64Of(JSON.stringify(secret)),
  base64Of(`{"${secret}`),
  secret,
  `${secret}%`,
  { [secret]: secret },
  [secret],
  null,
);
const headers = fc.constantFrom<unknown>(
  [{ [secret]: [...Buffer.from(secret)] }],
  [{ [secret]: secret }],
  { [secret]: [1] },
  [{ trace: [300] }],
  secret,
  [],
);
const key = fc.constantFrom<unknown>(base64Of(secret), secret, { [secret]: 1 }, undefined);
const thrown = fc.constantFrom<unknown>(
  undefined,
  new Error(secret),
  secret,
  new UnprocessableRecordError(secret, { cause: new Error(secret) }),
  new AggregateError([new Error(secret)], secret),
  { message: secret, [secret]: secret },
);
const record = fc.record({ partition: fc.nat(2), value, headers, key, thrown });

const schema = {
  version: 1,
  vendor: 'test',
  validate: (input: unknown) =>
    typeof input === 'string'
      ? { issues: [{ message: `${secret} is wrong`, path: [secret, { key: secret }] }] }
      : { value: input },
} as const;

describe('what is told to observers, logged and thrown', () => {
  it('never holds anything of a record or of an error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.record({
          seed: fc.integer(),
          faults: fc.constantFrom(0, 0.3, 1),
          sinkFault: fc.constantFrom(undefined, 'refuse' as const),
          onStoreFailure: fc.constantFrom('fail', 'handleUnprotected' as const),
          onMissingBusinessId: fc.constantFrom('fallback', 'reject' as const),
          businessId: fc.constantFrom<BusinessId<unknown, string>>(
            'value.id',
            'value',
            jmespath('to_number(value)'),
            jmespath('value.*'),
          ),
        }),
        async (records, { seed, faults, sinkFault, ...options }) => {
          const written: string[] = [];
          const line = (text: string): unknown => written.push(text);
          const lines = consoleObserver({
            level: 'debug',
            console: { debug: line, info: line, warn: line, error: line },
          });
          const observations: Observation[] = [];
          const clock = new FakeClock();
          const deadLetters = new MemoryDeadLetters();
          deadLetters.fault = sinkFault;
          const handler = kafkaHandler({
            ...options,
            namespace: 'secrets',
            store: new MemoryStore({ faults: randomFaults(seed, faults) }),
            deadLetters,
            maxAttempts: 2,
            value: json({ '~standard': schema }),
            key: text(),
            observer: {
              observe: (observation) => {
                observations.push(observation);
                lines.observe(observation);
              },
              log: lines.log,
            },
            ports: { clock, randomness: new SeededRandomness(seed), processExit: { exit: line } },
            handle: (given) => {
              const does = records[given.offset]?.thrown;
              if (does !== undefined) throw does;
              return secret;
            },
          });
          const groups: Record<string, unknown[]> = {};
          for (const [offset, { partition, thrown: _, ...contents }] of records.entries()) {
            groups[`orders-${partition}`] ??= [];
            groups[`orders-${partition}`]?.push({
              topic: 'orders',
              partition,
              offset,
              timestamp: 1_700_000_000_000,
              ...contents,
            });
          }
          for (let deliveries = 0; deliveries < 3; deliveries += 1) {
            const deadlineMs = clock.nowMs() + 20_000;
            const context = { getRemainingTimeInMillis: () => deadlineMs - clock.nowMs() };
            const ended = await clock.runUntilSettled(
              handler({ records: groups }, context).then(
                (answer) => JSON.stringify(answer),
                (error: unknown) => {
                  expect(error).toBeInstanceOf(UndoneRecordsError);
                  return `${String(error)} ${error instanceof Error ? error.stack : ''} ${JSON.stringify(error)}`;
                },
              ),
            );
            written.push(ended);
          }
          const out = `${written.join('\n')}\n${JSON.stringify(observations)}`;
          expect(observations.length).toBeGreaterThan(2);
          for (const trace of traces()) expect(out).not.toContain(trace);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is what the property looks for: the traces are found where they are', () => {
    for (const before of ['', 'x', 'xx', 'xxx', '{"id":"']) {
      const encoded = base64Of(`${before}${secret}","more":1}`);
      expect(
        traces().some((trace) => encoded.includes(trace)),
        before,
      ).toBe(true);
    }
    expect(JSON.stringify([...Buffer.from(secret)])).toContain(traces().at(-1));
  });
});
