import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type ImageSource, needlesOf, scanImage } from '@slipway/build';
import fc from 'fast-check';

const SECRET = 'p@ss/word with spaces';
const secrets = new Map([['token', Buffer.from(SECRET)]]);
const needles = needlesOf(secrets, ['token']);

interface File {
  readonly path: string;
  readonly content: string;
}

/** A tar archive of plain files, with a pax header where the name is long. */
function tarOf(files: readonly File[]): Buffer {
  const blocks = files.flatMap(({ path, content }) => {
    const record = ` path=${path}\n`;
    const length = String(record.length + 3).padStart(3, '0').length + record.length;
    const pax = path.length > 100 ? member('PaxHeader', Buffer.from(`${length}${record}`), 'x') : [];
    return [...pax, ...member(path.slice(0, 100), Buffer.from(content), '0')];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function member(name: string, content: Buffer, type: string): Buffer[] {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  header.write('ustar\0', 257);
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}

interface Layer {
  readonly mediaType?: string;
  readonly bytes: Buffer;
}

/** An image in memory, whose blobs come in chunks of the given size. */
function imageOf(config: string, layers: readonly Layer[], chunk = 64 * 1024): ImageSource {
  const described = [{ mediaType: 'config', bytes: Buffer.from(config) }, ...layers].map(
    ({ mediaType, bytes }) => ({
      mediaType: mediaType ?? 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: createHash('sha256').update(bytes).digest('hex'),
      size: bytes.length,
      bytes,
    }),
  );
  return {
    manifest: async digest =>
      digest === 'index'
        ? { manifests: [{ mediaType: 'manifest', digest: 'image', size: 1 }] }
        : {
            config: described.map(({ bytes: _bytes, ...blob }) => blob)[0] ?? null,
            layers: described.map(({ bytes: _bytes, ...blob }) => blob).slice(1),
          },
    async blob({ digest }, consume) {
      const bytes = described.find(blob => blob.digest === digest)?.bytes ?? Buffer.alloc(0);
      const pieces = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_none, index) =>
        bytes.subarray(index * chunk, (index + 1) * chunk),
      );
      return await consume(Readable.from(pieces));
    },
  };
}

const pathsIn = async (files: readonly File[], config = '{}', chunk?: number) => {
  const layers = [{ bytes: gzipSync(tarOf(files)) }];
  return (await scanImage('image', imageOf(config, layers, chunk), needles)).map(({ path }) => path);
};

describe('a build secret in an image', () => {
  it.each([
    ['as it is', `_authToken=${SECRET}\n`],
    ['URL-encoded', `https://user:${encodeURIComponent(SECRET)}@registry.example/`],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in the base64 of a login', Buffer.from(`u:${SECRET}`).toString('base64')],
    ['in the base64 of another login', Buffer.from(`us:${SECRET}:x`).toString('base64')],
  ])('is found %s, in the file where it is', async (_case, content) => {
    const files = [
      { path: 'etc/hosts', content: 'localhost' },
      { path: 'root/.npmrc', content },
    ];
    expect(await pathsIn(files)).toEqual(['root/.npmrc']);
  });

  it('is found in the config, which has arguments and history', async () => {
    expect(await pathsIn([], JSON.stringify({ history: [{ created_by: `RUN echo ${SECRET}` }] }))).toEqual([
      '(config and history)',
    ]);
  });

  it('is found as the name of a file, also of a long one', async () => {
    const path = `${'folder/'.repeat(20)}${SECRET}`;
    expect(await pathsIn([{ path, content: '' }])).toEqual([path]);
  });

  it.each([
    [
      'zstd',
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
        bytes: zstdCompressSync(tarOf([{ path: 'a', content: SECRET }])),
      },
    ],
    [
      'no compression',
      { mediaType: 'application/vnd.oci.image.layer.v1.tar', bytes: tarOf([{ path: 'a', content: SECRET }]) },
    ],
  ])('is found in a layer with %s', async (_case, layer) => {
    expect(await scanImage('image', imageOf('{}', [layer]), needles)).toHaveLength(1);
  });

  it('is found in the images of an index', async () => {
    const source = imageOf('{}', [{ bytes: gzipSync(tarOf([{ path: 'a', content: SECRET }])) }]);
    expect(await scanImage('index', source, needles)).toHaveLength(1);
  });

  it('is not found in an image without it', async () => {
    expect(
      await pathsIn([
        { path: 'a', content: SECRET.slice(0, -1) },
        { path: 'b', content: SECRET.slice(1) },
      ]),
    ).toEqual([]);
  });

  it('of a few characters is not searched for, as it would be found by chance', () => {
    expect(needlesOf(new Map([['pin', Buffer.from('1234')]]), ['pin'])).toEqual([]);
  });

  it('is searched for without the line break that ends its file', () => {
    expect(needlesOf(new Map([['token', Buffer.from(`${SECRET}\n`)]]), ['token'])).toEqual(needles);
  });

  it('is found at any offset, however the bytes arrive', async () => {
    const text = fc.string({ maxLength: 700 });
    await fc.assert(
      fc.asyncProperty(text, text, fc.integer({ min: 1, max: 600 }), async (before, after, chunk) => {
        const files = [
          { path: 'first', content: after },
          { path: 'second', content: before + SECRET + after },
        ];
        expect(await pathsIn(files, '{}', chunk)).toEqual(['second']);
      }),
      { numRuns: 60 },
    );
  });
});
