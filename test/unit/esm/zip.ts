import { crc32, deflateRawSync } from 'node:zlib';

/** A file for an archive. */
export interface ZipFile {
  readonly path: string;
  readonly contents: Uint8Array;
  /** 0 is stored, 8 is deflated. */
  readonly method?: number;
  readonly flags?: number;
  /** Of the contents, as the archive claims. */
  readonly bytes?: number;
}

/** An archive as APPNOTE.TXT has it; extra fields and comments are of different lengths, so that none can be forgotten. */
export function zip(files: readonly ZipFile[], comment = ''): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { path, contents, method = 8, flags = 0, bytes = contents.length } of files) {
    const packed = method === 8 ? deflateRawSync(contents) : Buffer.from(contents);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(contents), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.from(common);
    local.writeUInt16LE(4, 24);
    common.writeUInt16LE(5, 24);
    const tail = Buffer.alloc(14);
    tail.writeUInt16LE(3, 0);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, name, Buffer.from('extraRem'));
    const body = [Buffer.from('PK\x03\x04', 'latin1'), local, name, Buffer.from('xtra'), packed];
    bodies.push(...body);
    at += Buffer.concat(body).length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...bodies, entries, end, Buffer.from(comment)]);
}
