import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { kafkaHandler } from '../../../../lib/handler/commit/kafka-handler.ts';

const handle = (): undefined => undefined;
const memory = new MemoryStore();

/** What a user of plain JavaScript meets. */
function refusal(options: object): string | undefined {
  const make: (options: never) => unknown = kafkaHandler;
  try {
    Reflect.apply(make, undefined, [{ handle, store: memory, namespace: 'modes', ...options }]);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return `${error.property}|${error.message}`;
    throw error;
  }
}

describe('the options of a mode', () => {
  it.each([
    ['transaction', {}],
    ['transaction', { commit: 'prefix', ordering: 'key', failureReporting: { report: ['orders'] }, storeResult: true }],
    ['position', { commit: 'each', generation: 3, ordering: 'partition', failureReporting: 'throw' }],
    ['mark', { completionLag: 5, businessId: 'value.id' }],
    ['claim', { onUnknownOutcome: 'handleAgain', onStoreFailure: 'handleUnprotected' }],
  ])('%s takes %j', (mode, options) => {
    expect(refusal({ mode, ...options })).toBeUndefined();
  });

  it.each([
    ['claim', 'commit', 'each'],
    ['claim', 'generation', 1],
    ['claim', 'handleMany', handle],
    ['claim', 'maxRecords', 5],
    ['mark', 'commit', 'each'],
    ['mark', 'generation', 1],
    ['mark', 'onUnknownOutcome', 'handleAgain'],
    ['mark', 'onStoreFailure', 'fail'],
    ['transaction', 'onUnknownOutcome', 'deadLetter'],
    ['transaction', 'onStoreFailure', 'handleUnprotected'],
    ['transaction', 'completionLag', 1],
    ['transaction', 'generation', 1],
    ['position', 'completionLag', 1],
    ['position', 'onStoreFailure', 'handleUnprotected'],
    ['position', 'businessId', 'value.id'],
    ['position', 'scope', 'topic'],
    ['position', 'hash', 'sha256'],
    ['position', 'onMissingBusinessId', 'fallback'],
    ['position', 'fingerprint', false],
    ['position', 'onFingerprintMismatch', 'fail'],
    ['position', 'storeResult', true],
    ['position', 'rememberedCompletions', 0],
    ['position', 'ordering', 'key'],
    ['position', 'ordering', 'none'],
    ['position', 'failureReporting', { report: ['orders'] }],
  ])('%s refuses %s, by name', (mode, option, value) => {
    expect(refusal({ mode, [option]: value })).toMatch(new RegExp(`^${option}\\|${option}: .*mode '${mode}'`));
  });

  it.each(['mark', 'transaction', 'position'])('%s takes handleMany in the place of handle', (mode) => {
    const many = { mode, handle: undefined, handleMany: handle };
    expect(refusal(many)).toBeUndefined();
    expect(refusal({ ...many, maxRecords: 1_000 })).toBeUndefined();
    expect(refusal({ mode, handleMany: handle })).toMatch(/^handleMany\|handleMany: stands in the place of handle/);
    expect(refusal({ mode, handle: undefined })).toMatch(/^handle\|handle: is required/);
    expect(refusal({ mode, maxRecords: 5 })).toMatch(/^maxRecords\|maxRecords: needs handleMany/);
  });

  it.each(['mark', 'transaction'])('%s keeps no results of handleMany', (mode) => {
    const many = { mode, handle: undefined, handleMany: handle };
    expect(refusal({ ...many, storeResult: false })).toBeUndefined();
    expect(refusal({ ...many, storeResult: true })).toMatch(/^storeResult\|storeResult: contradicts handleMany/);
  });

  it.each(['transaction', 'position'])('%s refuses to handle ahead where Kafka keys are held', (mode) => {
    const deadLetters = { send: () => Promise.resolve() };
    expect(refusal({ mode, deadLetters, afterDeadLetter: 'holdKey' })).toBeUndefined();
    expect(refusal({ mode, deadLetters, afterDeadLetter: 'holdKey', commit: 'prefix' })).toMatch(
      /^afterDeadLetter\|.*'prefix'/,
    );
  });

  it.each(['mark', 'transaction', 'position'])('%s counts starts only where there are dead letters', (mode) => {
    expect(refusal({ mode, countStarts: true, deadLetters: { send: handle } })).toBeUndefined();
    expect(refusal({ mode, countStarts: true })).toMatch(
      /^countStarts\|countStarts: needs somewhere to put dead letters/,
    );
    expect(refusal({ mode, countStarts: false })).toBeUndefined();
  });

  it.each(['mark', 'transaction', 'position'])('%s refuses a store that cannot commit', (mode) => {
    const methods = ['insert', 'takeOver', 'renew', 'complete', 'release', 'read', 'markCompleted'];
    const store = Object.fromEntries(methods.map((name) => [name, handle]));
    expect(refusal({ mode, store })).toMatch(/^store\|store: has no commit, setMarks, readPositions/);
    expect(refusal({ mode: 'claim', store })).toBeUndefined();
  });
});
