import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { fallbackKey } from '../../../../lib/core/idempotency-key/idempotency-key.ts';
import { kafkaHandler } from '../../../../lib/handler/commit/kafka-handler.ts';
import { environmentVariables, reportingFrom, variable } from '../../../../lib/handler/options/environment.ts';
import { type Mode, modes } from '../../../../lib/handler/options/mode-rules.ts';
import { lambdaEvent } from '../../../support/handler-bench.ts';
import { PlainRun } from './plain-run.ts';

const handle = (): undefined => undefined;
const fail = (): never => {
  throw new Error('not now');
};

function environment(variables: Readonly<Record<string, string | undefined>>): void {
  const absent = Object.fromEntries(Object.values(environmentVariables).map((name) => [name, undefined]));
  const all = { ...absent, AWS_LAMBDA_LOG_LEVEL: 'error', ...variables };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
}

function refusal(make: () => unknown): ConfigurationError {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The key under which a record without an ID is known. */
function keyOf(namespace: string, clusterLabel: string, offset: number): string {
  const settings = {
    namespace,
    clusterLabel,
    scope: 'topic',
    hash: 'sha256',
    onMissingBusinessId: 'fallback',
  } as const;
  return fallbackKey({ topic: 'orders', partition: 0, offset, timestampMs: 1_700_000_000_000 }, settings);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a variable', () => {
  it('counts as absent when it is empty or blank, and is trimmed', () => {
    expect(variable({}, 'table')).toBeUndefined();
    expect(variable({ KAFKA_ONCE_TABLE: '' }, 'table')).toBeUndefined();
    expect(variable({ KAFKA_ONCE_TABLE: ' \t' }, 'table')).toBeUndefined();
    expect(variable({ KAFKA_ONCE_TABLE: ' claims\n' }, 'table')).toBe('claims');
  });
});

describe('KAFKA_ONCE_REPORT_TOPICS', () => {
  it.each([
    [undefined, 'throw'],
    ['', 'throw'],
    [' , ,', 'throw'],
    ['orders', { report: ['orders'] }],
    [' orders ,customers.eu, ', { report: ['orders', 'customers.eu'] }],
  ] as const)('%j means %j', (value, expected) => {
    expect(reportingFrom({ KAFKA_ONCE_REPORT_TOPICS: value })).toEqual(expected);
  });

  it('grants reports to its topics only', async () => {
    environment({ KAFKA_ONCE_REPORT_TOPICS: 'orders,customers' });
    const run = new PlainRun({ handle: fail });
    expect(await run.invoke(lambdaEvent([{ topic: 'customers', offset: 1 }]))).toHaveProperty('answered');
    expect(await run.invoke(lambdaEvent([{ topic: 'payments', offset: 1 }]))).toHaveProperty('threw');
  });

  it('is refused in position mode, which reports by throwing; there too the option wins', () => {
    environment({ KAFKA_ONCE_REPORT_TOPICS: 'orders' });
    const options = { handle, store: new MemoryStore(), namespace: 'n', mode: 'position' } as const;
    const { property, message } = refusal(() => kafkaHandler(options));
    expect(property).toBe('failureReporting');
    expect(message).toContain('KAFKA_ONCE_REPORT_TOPICS must not be set');
    expect(kafkaHandler({ ...options, failureReporting: 'throw' })).toBeTypeOf('function');
  });

  it('gives way to the option', async () => {
    environment({ KAFKA_ONCE_REPORT_TOPICS: 'orders' });
    const run = new PlainRun({ handle: fail, failureReporting: 'throw' });
    expect(await run.invoke(lambdaEvent([{ offset: 1 }]))).toHaveProperty('threw');
  });
});

describe('KAFKA_ONCE_NAMESPACE and KAFKA_ONCE_CLUSTER_LABEL', () => {
  it.each([
    ['the options', { namespace: 'own', clusterLabel: 'east' }, keyOf('own', 'east', 1)],
    ['the variables', {}, keyOf('from-environment', 'west', 1)],
  ])('of %s go into the keys', async (_, options, key) => {
    environment({
      KAFKA_ONCE_NAMESPACE: 'from-environment',
      KAFKA_ONCE_CLUSTER_LABEL: 'west',
      AWS_LAMBDA_FUNCTION_NAME: 'my-function',
    });
    const store = new MemoryStore();
    const handler = kafkaHandler({ handle, store, ...options });
    await handler(lambdaEvent([{ offset: 1 }]), { getRemainingTimeInMillis: () => 60_000 });
    expect(store.keys()).toEqual([key]);
  });

  it('have defaults: the name of the function, and "default"', async () => {
    environment({ AWS_LAMBDA_FUNCTION_NAME: 'my-function' });
    const store = new MemoryStore();
    await kafkaHandler({ handle, store })(lambdaEvent([{ offset: 1 }]), { getRemainingTimeInMillis: () => 60_000 });
    expect(store.keys()).toEqual([keyOf('my-function', 'default', 1)]);
  });

  it.each([undefined, ''])('where nothing names the consumer (%j), the handler is refused', (name) => {
    environment({ AWS_LAMBDA_FUNCTION_NAME: name });
    const { property, message } = refusal(() => kafkaHandler({ handle, store: new MemoryStore() }));
    expect(property).toBe('namespace');
    expect(message).toContain('KAFKA_ONCE_NAMESPACE');
  });

  it('with a name that no key can hold: refused', () => {
    environment({ KAFKA_ONCE_NAMESPACE: 'n'.repeat(600) });
    expect(refusal(() => kafkaHandler({ handle, store: new MemoryStore() })).property).toBe('namespace');
  });
});

describe('KAFKA_ONCE_TABLE', () => {
  it('names the table of the DynamoDB store', () => {
    environment({ KAFKA_ONCE_TABLE: 'claims', KAFKA_ONCE_NAMESPACE: 'n' });
    expect(kafkaHandler({ handle })).toBeTypeOf('function');
  });

  it('with a name that no table can have: refused', () => {
    environment({ KAFKA_ONCE_TABLE: 'my claims!', KAFKA_ONCE_NAMESPACE: 'n' });
    const { property, message } = refusal(() => kafkaHandler({ handle }));
    expect(property).toBe('tableName');
    expect(message).toContain('my claims!');
  });

  it('absent, with no store: the handler is refused, and nothing is unprotected by default', () => {
    environment({ KAFKA_ONCE_NAMESPACE: 'n' });
    const { property, message } = refusal(() => kafkaHandler({ handle }));
    expect(property).toBe('store');
    expect(message).toContain('KAFKA_ONCE_TABLE');
  });
});

describe('KAFKA_ONCE_MODE', () => {
  const namespace = 'n';
  const makers: Readonly<Record<Mode, () => unknown>> = {
    claim: () => kafkaHandler({ handle, namespace, store: new MemoryStore(), mode: 'claim' }),
    mark: () => kafkaHandler({ handle, namespace, store: new MemoryStore(), mode: 'mark' }),
    transaction: () => kafkaHandler({ handle, namespace, store: new MemoryStore(), mode: 'transaction' }),
    position: () => kafkaHandler({ handle, namespace, store: new MemoryStore(), mode: 'position' }),
  };

  it.each(modes.flatMap((mode) => modes.map((deployed) => [mode, deployed] as const)))(
    'a handler in mode %s that was deployed for %s',
    (mode, deployed) => {
      environment({ KAFKA_ONCE_MODE: ` ${deployed} ` });
      if (mode === deployed) {
        expect(makers[mode]()).toBeTypeOf('function');
        return;
      }
      const { property, message } = refusal(makers[mode]);
      expect(property).toBe('mode');
      expect(message).toContain(`is '${mode}', and KAFKA_ONCE_MODE is '${deployed}', for which`);
    },
  );

  it.each(modes)('%s chooses no mode: without the option it is claim', (deployed) => {
    environment({ KAFKA_ONCE_MODE: deployed });
    const make = (): unknown => kafkaHandler({ handle, namespace, store: new MemoryStore() });
    if (deployed === 'claim') expect(make()).toBeTypeOf('function');
    else expect(refusal(make).message).toContain(`is 'claim', and KAFKA_ONCE_MODE is '${deployed}'`);
  });

  it.each([undefined, '', ' '])('may be %j, with every mode', (value) => {
    environment({ KAFKA_ONCE_MODE: value });
    for (const mode of modes) expect(makers[mode]()).toBeTypeOf('function');
  });

  it('with a mode that there is not: refused by its name', () => {
    environment({ KAFKA_ONCE_MODE: 'Claim' });
    const { property, message } = refusal(makers.claim);
    expect(property).toBe('KAFKA_ONCE_MODE');
    expect(message).toContain('must be one of claim, mark, transaction, position, and is Claim');
  });
});

describe('a variable with the prefix that nobody reads', () => {
  it('is refused by name: a mistyped one would leave a default in place', () => {
    environment({ KAFKA_ONCE_REPORT_TOPIC: 'orders' });
    const { message } = refusal(() => kafkaHandler({ handle, store: new MemoryStore(), namespace: 'n' }));
    expect(message).toContain('KAFKA_ONCE_REPORT_TOPIC: ');
    expect(message).toContain('KAFKA_ONCE_REPORT_TOPICS');
    environment({ KAFKA_ONCE_REPORT_TOPIC: undefined, KAFKA_ONCE_CACHE: 'somewhere' });
    expect(kafkaHandler({ handle, store: new MemoryStore(), namespace: 'n' })).toBeTypeOf('function');
  });
});

describe('KAFKA_ONCE_LEASE_MS', () => {
  const options = { handle, store: new MemoryStore(), namespace: 'n' } as const;

  it.each([
    ['the variable', {}, 1_500],
    ['the option, which wins', { leaseMs: 2_000 }, 2_000],
  ])('sets the length of a lease: %s', async (_, own, leaseMs) => {
    environment({ KAFKA_ONCE_LEASE_MS: ' 1500 ' });
    const leasesMs: unknown[] = [];
    const run = new PlainRun({
      handle: () => {
        const marker = run.store.peek(run.store.keys()[0] ?? '');
        if (marker?.status === 'INPROGRESS') leasesMs.push((marker.leaseUntilMs ?? 0) - run.clock.nowMs());
      },
      ...own,
    });
    await run.invoke(lambdaEvent([{ offset: 1 }]));
    expect(leasesMs).toEqual([leaseMs]);
  });

  it.each(['499', '900001', '1e4', '2.5', '-1', '30s', '0x400'])('with %s: refused by its name', (value) => {
    environment({ KAFKA_ONCE_LEASE_MS: value });
    const { property, message } = refusal(() => kafkaHandler(options));
    expect(property).toBe('KAFKA_ONCE_LEASE_MS');
    expect(message).toContain(`must be a whole number from 500 to 900000, and is ${value}`);
  });

  it.each(['500', '900000', '', ' '])('may be %j', (value) => {
    environment({ KAFKA_ONCE_LEASE_MS: value });
    expect(kafkaHandler(options)).toBeTypeOf('function');
  });
});

describe('KAFKA_ONCE_MAX_ATTEMPTS', () => {
  const options = { handle: fail, namespace: 'n' } as const;

  it.each([
    ['the variable', {}, ['failed', 'deadLettered']],
    ['the option, which wins', { maxAttempts: 1 }, ['deadLettered', 'duplicate']],
  ])('says after how many a record becomes a dead letter: %s', async (_, own, outcomes) => {
    environment({ KAFKA_ONCE_MAX_ATTEMPTS: '2' });
    const run = new PlainRun({ ...options, deadLetters: new MemoryDeadLetters(), ...own });
    for (const outcome of outcomes) {
      await run.invoke(lambdaEvent([{ offset: 1 }]));
      expect(Object.values(run.outcomes())).toEqual([outcome]);
      await run.clock.advance(60_000);
    }
  });

  it.each(['0', '10001', 'many', '3.0'])('with %s: refused by its name', (value) => {
    environment({ KAFKA_ONCE_MAX_ATTEMPTS: value });
    const { property, message } = refusal(() =>
      kafkaHandler({ ...options, store: new MemoryStore(), deadLetters: new MemoryDeadLetters() }),
    );
    expect(property).toBe('KAFKA_ONCE_MAX_ATTEMPTS');
    expect(message).toContain(`must be a whole number from 1 to 10000, and is ${value}`);
  });

  it('needs a dead-letter sink, as the option does', () => {
    environment({ KAFKA_ONCE_MAX_ATTEMPTS: '2' });
    const { property, message } = refusal(() => kafkaHandler({ ...options, store: new MemoryStore() }));
    expect(property).toBe('KAFKA_ONCE_MAX_ATTEMPTS');
    expect(message).toContain('KAFKA_ONCE_DEAD_LETTER_QUEUE_URL');
  });
});

describe('KAFKA_ONCE_DEAD_LETTER_QUEUE_URL', () => {
  const queue = 'https://sqs.eu-central-1.amazonaws.com/123456789012/dead-letters';
  const options = { handle, store: new MemoryStore(), namespace: 'n', onUnknownOutcome: 'deadLetter' } as const;

  it('gives a dead-letter sink, so that options which need one are taken', () => {
    environment({});
    expect(refusal(() => kafkaHandler(options)).message).toContain('KAFKA_ONCE_DEAD_LETTER_QUEUE_URL');
    environment({ KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: queue });
    expect(kafkaHandler(options)).toBeTypeOf('function');
    environment({ KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: queue, KAFKA_ONCE_DEAD_LETTER_BUCKET: 'letters' });
    expect(kafkaHandler(options)).toBeTypeOf('function');
  });

  it('is missed where there is a bucket: large letters alone cannot be put aside', () => {
    environment({ KAFKA_ONCE_DEAD_LETTER_BUCKET: 'letters' });
    const { message } = refusal(() => kafkaHandler({ handle, store: new MemoryStore(), namespace: 'n' }));
    expect(message).toContain('KAFKA_ONCE_DEAD_LETTER_BUCKET');
    expect(message).toContain('KAFKA_ONCE_DEAD_LETTER_QUEUE_URL');
  });

  it.each(['dead-letters', `${queue}.fifo`])('with %s: refused', (url) => {
    environment({ KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: url });
    expect(refusal(() => kafkaHandler(options))).toBeInstanceOf(ConfigurationError);
  });
});
