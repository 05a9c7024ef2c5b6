// Decoders hold no state between calls that are not streams, so one of each serves all.
const keepingBom = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const droppingBom = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The text of UTF-8 bytes; undefined if they are none. Nothing is replaced: two byte strings never give one text. */
export function utf8Text(bytes: Uint8Array, options?: { readonly dropBom: boolean }): string | undefined {
  try {
    return (options?.dropBom === true ? droppingBom : keepingBom).decode(bytes);
  } catch {
    return undefined;
  }
}
