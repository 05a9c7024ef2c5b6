import { inflateRawSync } from 'node:zlib';

/** Of the record at the archive's end: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.16. */
const END = { signature: 0x06054b50, bytes: 22 } as const;
/** Of an entry of the central directory, section 4.3.12. */
const ENTRY = { signature: 0x02014b50, bytes: 46 } as const;
/** Of the header before a file's contents, section 4.3.7. */
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
const STORED = 0;
const DEFLATED = 8;

/** A file of an archive; `path` is relative, its folders parted by `/`. */
export interface ZippedFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/**
 * The files of a zip archive that is whole in memory, without its folders.
 *
 * @throws Error for what is no archive, is damaged, holds a path that leads out of its folder, or uses what code archives do
 *   not: encryption, other compression than deflate, 64-bit sizes.
 */
export function unzip(archive: Buffer): readonly ZippedFile[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + END.bytes > archive.length) throw new Error('it is no zip archive');
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const files: ZippedFile[] = [];
  for (let index = 0; index < count; index++) {
    expectRecord(archive, at, ENTRY);
    const nameBytes = archive.readUInt16LE(at + 28);
    const path = archive.toString('utf8', at + ENTRY.bytes, at + ENTRY.bytes + nameBytes);
    if (!path.endsWith('/')) files.push({ path: inside(path), contents: contentsOf(archive, at, path) });
    at += ENTRY.bytes + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

function contentsOf(archive: Buffer, entry: number, path: string): Uint8Array {
  const encrypted = (archive.readUInt16LE(entry + 8) & 1) === 1;
  const method = archive.readUInt16LE(entry + 10);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const bytes = archive.readUInt32LE(entry + 24);
  const local = archive.readUInt32LE(entry + 42);
  if (encrypted || (method !== STORED && method !== DEFLATED)) {
    throw new Error(`its file ${path} is encrypted or not compressed by deflate (method ${method})`);
  }
  expectRecord(archive, local, LOCAL);
  const start = local + LOCAL.bytes + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedBytes);
  const contents = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(bytes, 1) });
  if (contents.length !== bytes) throw new Error(`its file ${path} is damaged`);
  return contents;
}

/** Zip64 has 0xffffffff for a position, which is beyond the end of any archive here. */
function expectRecord(archive: Buffer, at: number, { signature, bytes }: typeof ENTRY | typeof LOCAL): void {
  if (at + bytes > archive.length || archive.readUInt32LE(at) !== signature) {
    throw new Error('it is damaged, or larger than 4 GB');
  }
}

function inside(path: string): string {
  if (path.startsWith('/') || path.includes('\\') || path.split('/').includes('..')) {
    throw new Error(`its file ${path} would lie outside of the folder`);
  }
  return path;
}
