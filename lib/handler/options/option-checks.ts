import { leaseRangeMs } from '../../core/claim/lease.ts';
import { isDecoder } from '../../core/decode/decoder.ts';
import { modes } from './mode-rules.ts';

/** Says what is wrong with a value, or undefined. */
export type Check = (value: unknown) => string | undefined;

const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    choices.some((choice) => choice === value) ? undefined : `must be ${choices.map((one) => `'${one}'`).join(' or ')}`;

const wholeNumber =
  (least: number, most: number, unit = ''): Check =>
  (value) => {
    const isInRange = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    if (isInRange) return undefined;
    const got = typeof value === 'number' ? `${value}` : `a ${typeof value}`;
    return `must be a whole number from ${least} to ${most}${unit}, and is ${got}`;
  };

const isFunction: Check = (value) => (typeof value === 'function' ? undefined : 'must be a function');
const isText: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text, not empty');
const isBoolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const isDecoderOption: Check = (value) =>
  isDecoder(value) ? undefined : 'must be a decoder: json(schema), text(), bytes() or an own { name, decode }';

/** The option is an object with these methods. */
const hasMethods =
  (what: string, ...methods: readonly string[]): Check =>
  (value) => {
    const has = (method: string): boolean =>
      typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function';
    const missing = methods.filter((method) => !has(method));
    return missing.length === 0 ? undefined : `must be ${what}: it has no ${missing.join(', ')}`;
  };

const isFailureReporting: Check = (value) => {
  if (value === 'throw') return undefined;
  const topics = typeof value === 'object' && value !== null && 'report' in value ? value.report : undefined;
  const areNames =
    Array.isArray(topics) && topics.length > 0 && topics.every((topic) => typeof topic === 'string' && topic !== '');
  if (areNames && Object.keys(Object(value)).length === 1) return undefined;
  return "must be 'throw', or { report: [topics] } for topics whose event source mapping has ReportBatchItemFailures";
};

const portChecks: ReadonlyMap<string, Check> = new Map([
  ['clock', hasMethods('a clock', 'nowMs', 'schedule')],
  ['randomness', hasMethods('a source of chance', 'uniqueId', 'fraction')],
  ['processExit', hasMethods('an end of the process', 'exit')],
]);

const isPorts: Check = (value) => {
  if (typeof value !== 'object' || value === null) return 'must be an object';
  for (const [name, port] of Object.entries(value)) {
    const check = portChecks.get(name);
    if (check === undefined) return `has no port ${name}; there are ${[...portChecks.keys()].join(', ')}`;
    const fault = port === undefined ? undefined : check(port);
    if (fault !== undefined) return `has a wrong ${name}, which ${fault}`;
  }
  return undefined;
};

/** Checked where it is compiled, with the errors of its own language. */
const checkedLater: Check = () => undefined;

const storeMethods = ['insert', 'takeOver', 'renew', 'complete', 'release', 'read', 'markCompleted'];

/** Attempts that `maxAttempts` may allow. */
export const attemptsRange = { least: 1, most: 10_000 } as const;

/** One check for each option of `kafkaHandler`. */
export const checks: ReadonlyMap<string, Check> = new Map([
  ['handle', isFunction],
  ['handleMany', isFunction],
  ['maxRecords', wholeNumber(1, 1_000)],
  ['businessId', checkedLater],
  ['value', isDecoderOption],
  ['key', isDecoderOption],
  ['mode', oneOf(...modes)],
  ['commit', oneOf('each', 'prefix')],
  ['countStarts', isBoolean],
  ['generation', wholeNumber(0, 1_000_000_000)],
  ['store', hasMethods('an idempotency store such as dynamoDbStore()', ...storeMethods)],
  ['deadLetters', hasMethods('a dead-letter sink such as sqsDeadLetters()', 'send')],
  ['namespace', isText],
  ['clusterLabel', isText],
  ['scope', oneOf('topic', 'namespace')],
  ['hash', oneOf('sha256', 'md5')],
  ['onMissingBusinessId', oneOf('fallback', 'reject')],
  ['fingerprint', checkedLater],
  ['onFingerprintMismatch', oneOf('reject', 'fail', 'skip')],
  ['ordering', oneOf('partition', 'key', 'none')],
  ['maxConcurrency', wholeNumber(1, 1_000)],
  ['completionLag', wholeNumber(1, 100)],
  ['failureReporting', isFailureReporting],
  ['maxAttempts', wholeNumber(attemptsRange.least, attemptsRange.most)],
  ['isNonRetryable', isFunction],
  ['onUnknownOutcome', oneOf('handleAgain', 'deadLetter')],
  ['afterDeadLetter', oneOf('continue', 'holdKey')],
  ['onStoreFailure', oneOf('fail', 'handleUnprotected')],
  ['leaseMs', wholeNumber(leaseRangeMs.least, leaseRangeMs.most, ' ms')],
  ['clockSkewMs', wholeNumber(0, 60_000, ' ms')],
  ['expiresAfterSeconds', wholeNumber(60, 315_360_000, ' s')],
  ['storeResult', isBoolean],
  ['rememberedCompletions', wholeNumber(0, 1_000_000)],
  ['observer', hasMethods('an observer', 'observe', 'log')],
  ['ports', isPorts],
]);
