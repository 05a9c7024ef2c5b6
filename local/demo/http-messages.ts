import { Buffer } from 'node:buffer';

const headEnd = '\r\n\r\n';

/**
 * Counts the HTTP/1.1 messages that go one way over a connection, chunk by chunk, by their heads.
 *
 * Bodies are passed over by their `Content-Length` or chunk sizes, so nothing in them is taken for a head.
 */
export class HttpMessages {
  #count = 0;
  #pending: Buffer = Buffer.alloc(0);
  #bodyLeft = 0;
  #chunked = false;

  /** Heads seen whole. */
  get count(): number {
    return this.#count;
  }

  push(chunk: Uint8Array): void {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    while (this.#step());
  }

  /** Takes one thing off the pending bytes: a piece of body, a chunk's size or a head. False: more bytes are needed. */
  #step(): boolean {
    if (this.#pending.length === 0) return false;
    if (this.#bodyLeft > 0) {
      const taken = Math.min(this.#bodyLeft, this.#pending.length);
      this.#bodyLeft -= taken;
      this.#pending = this.#pending.subarray(taken);
      return true;
    }
    return this.#chunked ? this.#chunkSize() : this.#head();
  }

  #head(): boolean {
    const end = this.#pending.indexOf(headEnd);
    if (end < 0) return false;
    const head = this.#pending.toString('latin1', 0, end);
    this.#pending = this.#pending.subarray(end + headEnd.length);
    this.#count += 1;
    this.#chunked = /\r\ntransfer-encoding:[^\r]*chunked/i.test(head);
    this.#bodyLeft = this.#chunked ? 0 : Number(/\r\ncontent-length:\s*(\d+)/i.exec(head)?.[1] ?? 0);
    return true;
  }

  #chunkSize(): boolean {
    const end = this.#pending.indexOf('\r\n');
    if (end < 0) return false;
    const size = Number.parseInt(this.#pending.toString('latin1', 0, end), 16) || 0;
    // A chunk is followed by a line end; the last one (size 0) by the line end of trailers, of which there are none.
    this.#chunked = size > 0;
    this.#bodyLeft = size + 2;
    this.#pending = this.#pending.subarray(end + 2);
    return true;
  }
}
