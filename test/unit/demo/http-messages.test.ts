import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { HttpMessages } from '../../../local/demo/http-messages.ts';

const plain = (body: string): string => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (...chunks: string[]): string =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${[...chunks, '']
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join('')}`;

function counted(text: string, size: number): number {
  const messages = new HttpMessages();
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += size) messages.push(bytes.subarray(from, from + size));
  return messages.count;
}

describe('HttpMessages', () => {
  it('counts heads and passes over bodies that look like them', () => {
    expect(counted(plain('') + plain('GET / HTTP/1.1\r\n\r\n') + plain('x'), 1_000)).toBe(3);
    expect(counted(chunked('abc', '\r\n\r\n') + chunked() + plain('x'), 1_000)).toBe(3);
    expect(counted('HTTP/1.1 204 No Content\r\n\r\n'.repeat(3), 1_000)).toBe(3);
  });

  it('does not count a head before its end', () => {
    expect(counted(plain('x').slice(0, 30), 1_000)).toBe(0);
  });

  const message = fc.oneof(
    fc.stringMatching(/^[a-z\r\n]{0,20}$/).map(plain),
    fc.array(fc.stringMatching(/^[a-z\r\n]{1,20}$/)).map((chunks) => chunked(...chunks)),
  );
  test.prop([fc.array(message), fc.integer({ min: 1, max: 40 })])('counts alike however it is cut', (all, size) => {
    expect(counted(all.join(''), size)).toBe(all.length);
  });
});
