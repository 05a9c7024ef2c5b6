import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { json } from '../../../../lib/core/decode/json.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { kafkaHandler } from '../../../../lib/handler/commit/kafka-handler.ts';
import type { ClaimOptions } from '../../../../lib/handler/handler-options.ts';
import { checkOptions } from '../../../../lib/handler/options/check-options.ts';
import { checks } from '../../../../lib/handler/options/option-checks.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../../lib/testing/seeded-randomness.ts';

const handle = (): undefined => undefined;
const store = new MemoryStore();
const deadLetters = new MemoryDeadLetters();
const complete: ClaimOptions = { handle, store, namespace: 'options' };

/** What is thrown, as the user of plain JavaScript meets it. */
function refusalOf(options: unknown): ConfigurationError | undefined {
  return refusalBy(() => checkOptions(options));
}

function refusalBy(make: () => unknown): ConfigurationError | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

const wholeNumber = (least: number, most: number) => ({
  right: [least, most, Math.floor((least + most) / 2)],
  wrong: [least - 1, most + 1, least + 0.5, Number.NaN, Number.POSITIVE_INFINITY, `${least}`, null, true, 10n, {}],
});
const choice = (...choices: string[]) => ({
  right: choices,
  wrong: ['', 'other', choices[0]?.toUpperCase(), 1, null, true, {}],
});
const text = { right: ['a', 'a b'], wrong: ['', 1, null, true, {}, ['a']] };
const aFunction = { right: [handle, async () => true], wrong: ['handle', 1, null, {}, [handle]] };
const decoder = {
  right: [json(), { name: 'own', decode: handle }],
  wrong: [json, handle, 'json', null, {}, { name: 'own' }, { decode: handle }, { name: 1, decode: handle }],
};

/** Of each option what is right and what is wrong. */
const cases: Readonly<Record<string, { readonly right: readonly unknown[]; readonly wrong: readonly unknown[] }>> = {
  handle: aFunction,
  handleMany: aFunction,
  maxRecords: wholeNumber(1, 1_000),
  value: decoder,
  key: decoder,
  mode: choice('claim', 'mark', 'transaction', 'position'),
  commit: choice('each', 'prefix'),
  countStarts: { right: [true, false], wrong: ['true', 1, 0, null, {}] },
  generation: wholeNumber(0, 1_000_000_000),
  store: { right: [store], wrong: ['table', null, {}, handle, { insert: handle }, { ...store, renew: 'no' }] },
  deadLetters: { right: [deadLetters, { send: handle }], wrong: ['https://queue', null, {}, handle, { send: 1 }] },
  namespace: text,
  clusterLabel: text,
  scope: choice('topic', 'namespace'),
  hash: choice('sha256', 'md5'),
  onMissingBusinessId: choice('fallback', 'reject'),
  onFingerprintMismatch: choice('reject', 'fail', 'skip'),
  ordering: choice('partition', 'key', 'none'),
  maxConcurrency: wholeNumber(1, 1_000),
  completionLag: wholeNumber(1, 100),
  failureReporting: {
    right: ['throw', { report: ['orders'] }, { report: ['a', 'b'] }],
    wrong: [
      'report',
      null,
      true,
      [],
      ['orders'],
      {},
      { report: [] },
      { report: 'orders' },
      { report: [''] },
      { report: [1] },
      { report: ['orders'], throw: ['others'] },
    ],
  },
  maxAttempts: wholeNumber(1, 10_000),
  isNonRetryable: aFunction,
  onUnknownOutcome: choice('handleAgain', 'deadLetter'),
  afterDeadLetter: choice('continue', 'holdKey'),
  onStoreFailure: choice('fail', 'handleUnprotected'),
  leaseMs: wholeNumber(500, 900_000),
  clockSkewMs: wholeNumber(0, 60_000),
  expiresAfterSeconds: wholeNumber(60, 315_360_000),
  storeResult: { right: [true, false], wrong: ['true', 1, 0, null, {}] },
  rememberedCompletions: wholeNumber(0, 1_000_000),
  observer: { right: [{ observe: handle, log: handle }], wrong: [handle, null, {}, { observe: handle }, console] },
  ports: {
    right: [{}, { clock: new FakeClock() }, { randomness: new SeededRandomness() }, { processExit: { exit: handle } }],
    wrong: [
      null,
      7,
      { timer: {} },
      { clock: 7 },
      { clock: { nowMs: handle } },
      { randomness: Math.random },
      { processExit: process.exit },
    ],
  },
};

describe('each option', () => {
  it('has its cases here', () => {
    expect([...Object.keys(cases), 'businessId', 'fingerprint'].sort()).toEqual([...checks.keys()].sort());
  });

  it.each(Object.entries(cases))('%s: takes what is right', (option, { right }) => {
    for (const value of [...right, undefined]) {
      if (option === 'handle' && value === undefined) continue;
      expect(refusalOf({ handle, [option]: value }), String(value)).toBeUndefined();
    }
  });

  it.each(Object.entries(cases))('%s: refuses what is mistyped or out of range, by name', (option, { wrong }) => {
    for (const value of wrong) {
      const refusal = refusalOf({ handle, [option]: value });
      expect(refusal, JSON.stringify(String(value))).toBeInstanceOf(ConfigurationError);
      expect(refusal?.property).toMatch(new RegExp(`^${option}(\\.|$)`));
      expect(refusal?.message).toMatch(new RegExp(`^${option}\\b.*: (must|has)`));
    }
  });

  it('that is a number out of range is quoted with the range', () => {
    expect(refusalOf({ handle, leaseMs: 30 })?.message).toBe(
      'leaseMs: must be a whole number from 500 to 900000 ms, and is 30',
    );
    expect(refusalOf({ handle, leaseMs: '30s' })?.message).toBe(
      'leaseMs: must be a whole number from 500 to 900000 ms, and is a string',
    );
  });

  it.each([
    ['businessId', 7],
    ['businessId', null],
    ['businessId', {}],
    ['businessId', 'value.['],
    ['businessId', { kind: 'header', name: '' }],
    ['fingerprint', 'value.['],
    ['fingerprint', 7],
    ['fingerprint', null],
  ])('%s: %j is refused where it is compiled, by name', (option, value) => {
    const wrong: object = { [option]: value };
    const refusal = refusalBy(() => kafkaHandler({ ...complete, ...wrong }));
    expect(refusal?.property).toBe(option);
  });
});

describe('the options as a whole', () => {
  it.each([undefined, null, 'handle', 7, handle, []])('cannot be %j', (options) => {
    expect(refusalOf(options)).toBeInstanceOf(ConfigurationError);
  });

  it.each([{}, { handle: undefined }, { store, namespace: 'options' }])('need handle: %o', (options) => {
    expect(refusalOf(options)?.message).toMatch(/^handle: is required/);
  });

  it.each([
    ['bussinessId', 'businessId'],
    ['leaseMS', 'leaseMs'],
    ['stores', 'store'],
    ['deadLetter', 'deadLetters'],
    ['maxConcurency', 'maxConcurrency'],
    ['Handle', 'handle'],
  ])('hold an unknown %s: it is named, and %s is suggested', (unknown, known) => {
    const refusal = refusalOf({ handle, [unknown]: 1 });
    expect(refusal?.property).toBe(unknown);
    expect(refusal?.message).toContain('is no option of kafkaHandler; did you mean');
    expect(refusal?.message).toContain(known);
  });

  it('hold an unknown one like no other: all options are listed', () => {
    const message = refusalOf({ handle, visibilityTimeout: 30 })?.message;
    for (const option of checks.keys()) expect(message).toContain(option);
  });

  it('may leave everything undefined that is not required', () => {
    const all = Object.fromEntries([...checks.keys()].map((option) => [option, undefined]));
    expect(refusalOf({ ...all, handle })).toBeUndefined();
  });
});

describe('options that contradict each other', () => {
  const contradictions: readonly (readonly [what: string, options: Partial<ClaimOptions>, property: string])[] = [
    ['md5 keys per topic', { hash: 'md5' }, 'hash'],
    ['unknown outcomes to dead letters without a sink', { onUnknownOutcome: 'deadLetter' }, 'onUnknownOutcome'],
    ['mismatches to dead letters without a sink', { onFingerprintMismatch: 'reject' }, 'onFingerprintMismatch'],
    ['a number of attempts without a sink', { maxAttempts: 3 }, 'maxAttempts'],
    ['held keys without a sink', { afterDeadLetter: 'holdKey' }, 'afterDeadLetter'],
    ['held keys without an order', { afterDeadLetter: 'holdKey', deadLetters, ordering: 'none' }, 'afterDeadLetter'],
    [
      'held keys, handled without looking',
      { afterDeadLetter: 'holdKey', deadLetters, onStoreFailure: 'handleUnprotected' },
      'afterDeadLetter',
    ],
    ['an expiry below the lease', { expiresAfterSeconds: 60, leaseMs: 60_001 }, 'expiresAfterSeconds'],
  ];

  it.each(contradictions)('%s: refused', (_, options, property) => {
    const refusal = refusalBy(() => kafkaHandler({ ...complete, ...options }));
    expect(refusal?.property).toBe(property);
  });

  it('missing IDs rejected where none is asked for: refused', () => {
    const { businessId: _, ...withoutId } = { businessId: 'value.id', ...complete };
    const refusal = refusalBy(() => kafkaHandler({ ...withoutId, onMissingBusinessId: 'reject' }));
    expect(refusal?.property).toBe('onMissingBusinessId');
  });

  it.each([
    { hash: 'md5', scope: 'namespace' },
    { onUnknownOutcome: 'deadLetter', deadLetters },
    { onFingerprintMismatch: 'reject', deadLetters },
    { onFingerprintMismatch: 'fail' },
    { onFingerprintMismatch: 'skip' },
    { maxAttempts: 3, deadLetters },
    { afterDeadLetter: 'continue', ordering: 'none' },
    { afterDeadLetter: 'holdKey', deadLetters },
    { afterDeadLetter: 'holdKey', deadLetters, ordering: 'key', onStoreFailure: 'fail' },
    { expiresAfterSeconds: 60, leaseMs: 60_000 },
  ] as const)('and those that agree: taken, %o', (options) => {
    expect(kafkaHandler({ ...complete, ...options })).toBeTypeOf('function');
  });

  it.each([
    ['namespace', ' a'],
    ['namespace', 'a'.repeat(513)],
    ['namespace', '\ud800'],
    ['clusterLabel', 'a '],
  ])('a %s that a key cannot hold: refused', (property, value) => {
    expect(refusalBy(() => kafkaHandler({ ...complete, [property]: value }))?.property).toBe(property);
  });
});
