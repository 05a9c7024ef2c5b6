import { vi } from 'vitest';

/**
 * Replaces the console's methods, as Lambda's runtime does in the JSON log format, and returns the lines that it writes.
 *
 * One argument becomes `message` as it is: a text stays a text, an object is nested. What cannot be stringified (a bigint,
 * a cycle, a getter that throws) becomes a text that no filter can look into.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, src/LogPatch.js
 */
export function lambdaJsonConsole(): readonly string[] {
  const lines: string[] = [];
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...given: readonly unknown[]) => {
      if (given.length !== 1) throw new Error('several arguments are formatted as text');
      const line = { timestamp: '2026-01-01T00:00:00.000Z', level: level.toUpperCase(), requestId: 'request-1' };
      lines.push(JSON.stringify({ ...line, message: given[0] }));
    });
  }
  return lines;
}
