import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { imageArchive } from '../src/images/archive.ts';
import { makeImage, makeLayer } from '../src/images/image.ts';
import { tar } from '../src/images/tar.ts';

const ENTRIES = [
  { path: 'bin/', mode: 0o755 },
  { path: 'bin/tool', mode: 0o755, content: Buffer.from('x'.repeat(600)) },
  { path: 'bin/sh', link: 'tool' },
];

function field(archive: Uint8Array, block: number, at: number, length: number): string {
  return Buffer.from(archive)
    .subarray(block * 512 + at, block * 512 + at + length)
    .toString('latin1')
    .replace(/\0.*$/s, '');
}

describe('an archive', () => {
  it('has a header for each entry, its content in whole blocks, and two empty blocks at the end', () => {
    const archive = tar(ENTRIES);
    expect(archive.length).toBe((1 + 1 + 2 + 1 + 2) * 512);
    expect([field(archive, 0, 0, 100), field(archive, 0, 156, 1)]).toEqual(['bin/', '5']);
    expect([field(archive, 1, 0, 100), field(archive, 1, 100, 8), field(archive, 1, 124, 12)]).toEqual([
      'bin/tool',
      '0000755',
      '00000001130',
    ]);
    expect([field(archive, 4, 156, 1), field(archive, 4, 157, 100)]).toEqual(['2', 'tool']);
  });

  it('has checksums that add up', () => {
    const header = Buffer.from(tar(ENTRIES)).subarray(512, 1024);
    const stated = Number.parseInt(field(header, 0, 148, 6), 8);
    header.fill(' ', 148, 156);
    expect(stated).toBe(header.reduce((sum, byte) => sum + byte, 0));
  });
});

describe('an image', () => {
  const layer = makeLayer(tar(ENTRIES));
  const image = makeImage(layer, { command: ['/bin/sh'], ports: [80] });

  it('has the same digest each time, and another one for another start', () => {
    expect(makeImage(makeLayer(tar(ENTRIES)), { command: ['/bin/sh'], ports: [80] }).digest).toBe(
      image.digest,
    );
    expect(makeImage(layer, { command: ['/bin/tool'] }).digest).not.toBe(image.digest);
  });

  it('is described by its manifest, byte for byte', () => {
    const manifest = JSON.parse(Buffer.from(image.manifest).toString()) as Record<
      string,
      { digest: string; size: number }
    > & {
      layers: { digest: string; size: number }[];
    };
    const described = [manifest['config'], ...manifest.layers].map(each => [each?.digest, each?.size]);
    expect(described).toEqual(image.blobs.map(({ digest, bytes }) => [digest, bytes.length]));
    for (const { digest, bytes } of image.blobs) {
      expect(digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    }
  });

  it('names the layer by what it is once unpacked', () => {
    const [config, compressed] = image.blobs.map(({ bytes }) => bytes);
    const { rootfs } = JSON.parse(Buffer.from(config ?? []).toString()) as { rootfs: { diff_ids: string[] } };
    const unpacked = gunzipSync(compressed ?? Buffer.alloc(0));
    expect(rootfs.diff_ids).toEqual([`sha256:${createHash('sha256').update(unpacked).digest('hex')}`]);
  });
});

describe('an image in one file', () => {
  it('has an index that names the manifest, and each blob under its digest', () => {
    const image = makeImage(makeLayer(tar(ENTRIES)), { entrypoint: ['/bin/tool'] });
    const archive = Buffer.from(imageArchive('example/tool:1', image)).toString('latin1');
    for (const { digest } of image.blobs) expect(archive).toContain(`blobs/sha256/${digest.slice(7)}\0`);
    expect(archive).toContain(`"digest":"${image.digest}","size":${image.manifest.length}`);
    expect(archive).toContain('"io.containerd.image.name":"example/tool:1"');
  });
});
