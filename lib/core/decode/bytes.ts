import type { Decoder } from './decoder.ts';

/** The bytes as they are, for contents that the handler decodes itself. Never fails. */
export function bytes(): Decoder<Uint8Array> {
  return { name: 'bytes', decode: (content) => content };
}
