/**
 * The bytes of standard base64 (RFC 4648, section 4); undefined for anything else.
 *
 * Strict: padding is needed, the URL alphabet, white space and stray trailing bits are refused, so that one byte string
 * has one text.
 */
export function base64Bytes(text: string): Uint8Array | undefined {
  const buffer = Buffer.from(text, 'base64');
  // Node skips what it does not know; only the canonical text survives the way back. The copy leaves Node's shared pool.
  return buffer.toString('base64') === text ? new Uint8Array(buffer) : undefined;
}
