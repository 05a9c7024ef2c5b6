import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { unzip } from '../../../lib/local/esm/unzip.ts';
import { type ZipFile, zip } from './zip.ts';

const one = (file: Partial<ZipFile>): Buffer => zip([{ path: 'index.js', contents: Buffer.from('code'), ...file }]);

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
