import { type Image, MANIFEST_TYPE } from './image.ts';
import { type TarEntry, tar } from './tar.ts';

/**
 * An image as one file that containerd imports under that name.
 * Format: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export function imageArchive(name: string, image: Image): Uint8Array<ArrayBuffer> {
  const manifest = { digest: image.digest, bytes: image.manifest };
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        mediaType: MANIFEST_TYPE,
        digest: image.digest,
        size: image.manifest.length,
        annotations: { 'io.containerd.image.name': name },
      },
    ],
  };
  const entries: TarEntry[] = [manifest, ...image.blobs].map(({ digest, bytes }) => ({
    path: `blobs/${digest.replace(':', '/')}`,
    mode: 0o644,
    content: bytes,
  }));
  return tar([text('oci-layout', { imageLayoutVersion: '1.0.0' }), text('index.json', index), ...entries]);
}

function text(path: string, value: unknown): TarEntry {
  return { path, mode: 0o644, content: Buffer.from(JSON.stringify(value)) };
}
