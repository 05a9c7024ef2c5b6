import { afterEach, describe, expect, it, vi } from 'vitest';
import { logFieldNames } from '../../../lib/core/observe/log-line.ts';
import { type ConsoleObserverOptions, consoleObserver } from '../../../lib/handler/observe/console-observer.ts';
import type { LogLevel } from '../../../lib/ports/observer.ts';
import { lambdaJsonConsole } from './lambda-json-console.ts';
import { observations, secret, undoneInvocation } from './observations.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function recorded(options: ConsoleObserverOptions = {}) {
  const lines: { level: LogLevel; text: string }[] = [];
  const target = (level: LogLevel) => (text: string) => void lines.push({ level, text });
  const observer = consoleObserver({
    env: {},
    console: { debug: target('debug'), info: target('info'), warn: target('warn'), error: target('error') },
    ...options,
  });
  return { observer, lines };
}

function parse(text: string | undefined): Record<string, unknown> {
  const parsed: unknown = JSON.parse(text ?? '');
  if (typeof parsed !== 'object' || parsed === null) throw new Error('no object');
  return { ...parsed };
}

describe('consoleObserver', () => {
  it('writes each observation as one line of JSON, with listed fields only and nothing of a record', () => {
    const { observer, lines } = recorded({ level: 'debug' });
    for (const observation of observations) observer.observe(observation);
    expect(lines).toHaveLength(observations.length);
    for (const { level, text } of lines) {
      const line = parse(text);
      expect(line.level).toBe(level.toUpperCase());
      expect(['level', 'message', ...logFieldNames]).toEqual(expect.arrayContaining(Object.keys(line)));
      expect(text).not.toContain('\n');
      expect(text).not.toContain(secret);
    }
  });

  it('writes a summary of an invocation, and of single records only those to look into', () => {
    const { observer, lines } = recorded();
    for (const observation of observations) observer.observe(observation);
    const shown = lines.map(({ level, text }) => [level, parse(text).observation, parse(text).outcome]);
    expect(shown).toEqual([
      ['info', 'invocationEnded', undefined],
      ['warn', 'recordEnded', 'failed'],
      ['warn', 'deadLettered', undefined],
      ['warn', 'deadLettered', undefined],
      ['error', 'deadLetterFailed', undefined],
      ['warn', 'leaseTakenOver', undefined],
      ['warn', 'leaseLost', undefined],
      ['warn', 'fingerprintMismatch', undefined],
      ['warn', 'resultNotStored', undefined],
      ['info', 'effectsSkipped', undefined],
      ['warn', 'handledUnprotected', undefined],
      ['error', 'storeFailed', undefined],
      ['error', 'handlerUnsettled', undefined],
      ['warn', 'warning', undefined],
    ]);
  });

  it('raises the summary to a warning if records are not done', () => {
    const { observer, lines } = recorded({ level: 'warn' });
    observer.observe(undoneInvocation);
    expect(parse(lines[0]?.text)).toMatchObject({ level: 'WARN', undone: 7, handled: 5, heldBack: 2 });
  });

  it.each([
    [{}, 'info'],
    [{ LOG_LEVEL: 'DEBUG' }, 'debug'],
    [{ LOG_LEVEL: 'DEBUG', AWS_LAMBDA_LOG_LEVEL: 'WARN' }, 'warn'],
    [{ AWS_LAMBDA_LOG_LEVEL: 'FATAL' }, 'error'],
    [{ AWS_LAMBDA_LOG_LEVEL: 'TRACE' }, 'debug'],
    [{ AWS_LAMBDA_LOG_LEVEL: 'loud', LOG_LEVEL: ' warn ' }, 'warn'],
    [{ LOG_LEVEL: 'toString' }, 'info'],
  ])('given %j writes from level %s', (env, lowest) => {
    const { observer, lines } = recorded({ env });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) observer.log(level, 'x', {});
    expect(lines[0]?.level).toBe(lowest);
    expect(lines.at(-1)?.level).toBe('error');
  });

  it('writes whatever a handler logs, without throwing', () => {
    const { observer, lines } = recorded();
    const cyclic: Record<string, unknown> = { name: 'loop' };
    cyclic.self = cyclic;
    observer.log('info', 'all sorts', {
      level: 'forged',
      big: 2n ** 70n,
      cyclic,
      error: new TypeError('no such thing', { cause: new Error('deeper') }),
      bytes: new Uint8Array(5),
      date: new Date(0),
      get thrower() {
        throw new Error('never');
      },
      invalid: new Date(Number.NaN),
      jsonThrower: {
        toJSON() {
          throw new Error('never');
        },
      },
      none: undefined,
      call: () => 1,
    });
    expect(parse(lines[0]?.text)).toEqual({
      level: 'INFO',
      message: 'all sorts',
      big: '1180591620717411303424',
      cyclic: { name: 'loop', self: '[cyclic]' },
      error: { name: 'TypeError', message: 'no such thing', cause: { name: 'Error', message: 'deeper' } },
      bytes: '[5 bytes]',
      date: '1970-01-01T00:00:00.000Z',
      thrower: '[unreadable]',
      invalid: null,
      jsonThrower: '[unreadable]',
    });
  });

  it('survives a console that throws and fields that cannot even be listed', () => {
    const broken = () => {
      throw new Error('EPIPE');
    };
    const { observer } = recorded({ console: { debug: broken, info: broken, warn: broken, error: broken } });
    const { observer: second, lines } = recorded();
    const hostile = new Proxy<Record<string, unknown>>({}, { ownKeys: broken });
    expect(() => observer.log('info', 'x', {})).not.toThrow();
    expect(() => second.log('info', 'x', hostile)).not.toThrow();
    expect(() => second.log('info', 'x', { hostile })).not.toThrow();
    expect(parse(lines.at(-1)?.text)).toMatchObject({ hostile: '[unreadable]' });
  });

  it('writes to the console as it is at the time, because Lambda replaces its methods', () => {
    const observer = consoleObserver({ env: {} });
    const info = vi.spyOn(console, 'info').mockReturnValue();
    observer.log('info', 'late', {});
    expect(info).toHaveBeenCalledWith('{"level":"INFO","message":"late"}');
  });

  it.each([
    ['all done', observations[1], { oldestUndoneAgeSeconds: 0, records: 8 }],
    ['a record of a minute ago undone', undoneInvocation, { oldestUndoneAgeSeconds: 60, records: 15 }],
  ])('tells the age of the oldest undone record in the summary: %s', (_name, ended, expected) => {
    const { observer, lines } = recorded({ clock: { nowMs: () => Date.UTC(2026, 0, 1, 0, 1) } });
    if (ended !== undefined) observer.observe(ended);
    expect(parse(lines[0]?.text)).toMatchObject(expected);
  });

  it('leaves the age out where what is not done has no timestamp', () => {
    const { observer, lines } = recorded();
    if (undoneInvocation.type !== 'invocationEnded') throw new Error('the fixture is of another type');
    observer.observe({ ...undoneInvocation, oldestUndoneTimestampMs: undefined });
    expect(parse(lines[0]?.text)).not.toHaveProperty('oldestUndoneAgeSeconds');
  });
});

describe("consoleObserver in Lambda's JSON log format", () => {
  const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'DEBUG' };

  it('hands an object to the runtime, so that its fields can be filtered on: listed ones, nothing of a record', () => {
    const lines = lambdaJsonConsole();
    const observer = consoleObserver({ env });
    for (const observation of observations) observer.observe(observation);
    expect(lines).toHaveLength(observations.length);
    for (const [index, text] of lines.entries()) {
      const { level, message } = parse(text);
      const members = parse(JSON.stringify(message));
      expect(['DEBUG', 'INFO', 'WARN', 'ERROR']).toContain(level);
      expect(members.observation).toBe(observations[index]?.type);
      expect(['message', ...logFieldNames]).toEqual(expect.arrayContaining(Object.keys(members)));
      expect(text).not.toContain(secret);
    }
  });

  it('hands over nothing that the runtime could not stringify', () => {
    const lines = lambdaJsonConsole();
    const observer = consoleObserver({ env });
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const broken = () => {
      throw new Error('never');
    };
    observer.log('info', 'all sorts', {
      message: 'forged',
      big: 1n,
      cyclic,
      get thrower() {
        return broken();
      },
      call: Object.assign(() => 1, { toJSON: broken }),
    });
    observer.log('info', 'hostile', new Proxy<Record<string, unknown>>({}, { ownKeys: broken }));
    expect(lines.map((text) => parse(text).message)).toEqual([
      { message: 'all sorts', big: '1', cyclic: { self: '[cyclic]' }, thrower: '[unreadable]' },
      { message: 'hostile', fields: '[unreadable]' },
    ]);
  });

  it('writes lines of JSON to a console that it is given, and in the text format', () => {
    const { observer, lines } = recorded({ env });
    observer.log('info', 'own', {});
    expect(lines[0]?.text).toBe('{"level":"INFO","message":"own"}');
    const info = vi.spyOn(console, 'info').mockReturnValue();
    consoleObserver({ env: { AWS_LAMBDA_LOG_FORMAT: 'Text' } }).log('info', 'text', {});
    expect(info).toHaveBeenCalledWith('{"level":"INFO","message":"text"}');
  });

  it('survives a console that throws', () => {
    vi.spyOn(console, 'info').mockImplementation(() => {
      throw new Error('EPIPE');
    });
    expect(() => consoleObserver({ env }).log('info', 'x', {})).not.toThrow();
  });
});
