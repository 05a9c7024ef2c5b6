import { describe, expect, it } from 'vitest';
import { errorDetail } from '../../../../lib/handler/run/error-detail.ts';

describe('what is told of an error', () => {
  it('is where it was thrown, not what it says', () => {
    const detail = errorDetail(new Error('secret'));
    expect(detail).toContain('error-detail.test.ts');
    expect(detail).not.toContain('secret');
  });

  it('leaves out lines of the message that look like frames', () => {
    const detail = errorDetail(new Error('no\n    at secret (file.ts:1:2)\n    at secret:3:4'));
    expect(detail).toContain('error-detail.test.ts');
    expect(detail).not.toContain('secret');
  });

  it('is nothing where the stack has another message than the error', () => {
    const error = new Error('secret');
    expect(error.stack).toContain('secret');
    error.message = 'another text';
    expect(errorDetail(error)).toBeUndefined();
  });

  it('leaves out the frames of Node itself, and all but the first four', () => {
    const error = new Error('x');
    const frames = [1, 2, 3, 4, 5].map((line) => `    at own${line} (/task/own.ts:${line}:1)`);
    error.stack = ['Error: x', '    at parse (node:internal/parse:1:1)', ...frames].join('\n');
    expect(errorDetail(error)).toBe([1, 2, 3, 4].map((line) => `at own${line} (/task/own.ts:${line}:1)`).join(' < '));
  });

  it('has an end, however long the frames are', () => {
    const error = new Error('x');
    error.stack = `Error: x\n    at f (/${'deep/'.repeat(1_000)}own.ts:1:1)`;
    expect(errorDetail(error)).toHaveLength(1_000);
  });

  it('names a plain code and those of its causes', () => {
    const cause = Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' });
    const detail = errorDetail(new TypeError('fetch failed', { cause }));
    expect(detail).toContain('caused by ECONNREFUSED');
    expect(detail).not.toContain('10.0.0.1');
    expect(
      errorDetail(Object.assign(new Error('x'), { code: 'order 42 is secret', stack: undefined })),
    ).toBeUndefined();
  });

  it.each(['text', undefined, null, 7, {}])('is nothing for %j', (thrown) => {
    expect(errorDetail(thrown)).toBeUndefined();
  });

  it('is nothing for an error that refuses to be looked at', () => {
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('no');
      },
    });
    expect(errorDetail(hostile)).toBeUndefined();
  });
});
