import { crc32, deflateRawSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { unzip } from '../../../lib/local/esm/unzip.ts';

interface File {
  readonly path: string;
  readonly contents: Uint8Array;
  /** 0 is stored, 8 is deflated. */
  readonly method?: number;
  readonly flags?: number;
  /** Of the contents, as the archive claims. */
  readonly bytes?: number;
}

/** An archive as APPNOTE.TXT has it; extra fields and comments are of different lengths, so that none can be forgotten. */
function zip(files: readonly File[], comment = ''): Buffer {
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

const one = (file: Partial<File>): Buffer => zip([{ path: 'index.js', contents: Buffer.from('code'), ...file }]);

describe('a zip archive', () => {
  test.prop([
    fc.array(
      fc.record({
        path: fc.stringMatching(/^[a-zé]{1,8}(\/[a-z]{1,8}){0,2}\.m?js$/),
        contents: fc.uint8Array({ maxLength: 2000 }),
        method: fc.constantFrom(0, 8),
      }),
      { maxLength: 5 },
    ),
    fc.stringMatching(/^[a-z]{0,20}$/),
  ])('gives the files that it was made of', (files, comment) => {
    const unpacked = unzip(zip(files, comment)).map(({ path, contents }) => ({ path, contents: [...contents] }));
    expect(unpacked).toEqual(files.map(({ path, contents }) => ({ path, contents: [...contents] })));
  });

  it('gives no folders', () => {
    const folder = { path: 'lib/', contents: Buffer.alloc(0) };
    expect(unzip(zip([folder, { path: 'lib/a.js', contents: Buffer.from('a') }])).map(({ path }) => path)).toEqual([
      'lib/a.js',
    ]);
  });

  it.each([
    ['is none', Buffer.from('<html>'), 'it is no zip archive'],
    ['is cut', zip([]).subarray(0, 20), 'it is no zip archive'],
    ['lost its beginning', one({}).subarray(10), 'it is damaged, or larger than 4 GB'],
    ['has another size than it claims', one({ method: 0, bytes: 3 }), 'its file index.js is damaged'],
    ['holds less than it claims', one({ bytes: 5 }), 'its file index.js is damaged'],
    ['is encrypted', one({ flags: 1 }), 'its file index.js is encrypted or not compressed by deflate (method 8)'],
    ['is compressed otherwise', one({ method: 12 }), 'index.js is encrypted or not compressed by deflate (method 12)'],
    ['leads to a folder above', one({ path: 'a/../../b.js' }), 'its file a/../../b.js would lie outside of the folder'],
    ['leads to the root', one({ path: '/b.js' }), 'its file /b.js would lie outside of the folder'],
    ['leads out on Windows', one({ path: '..\\b.js' }), 'would lie outside of the folder'],
  ])('that %s is refused', (_, archive, message) => {
    expect(() => unzip(archive)).toThrow(message);
  });

  it('that unpacks to more than it claims is refused before it is unpacked', () => {
    expect(() => unzip(one({ contents: Buffer.alloc(100_000), bytes: 10 }))).toThrow(RangeError);
  });
});
