import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** How a container of the image starts. */
export interface ImageStart {
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly number[];
}

export interface Blob {
  readonly digest: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An image of one layer: its manifest, and the blobs that the manifest names. */
export interface Image {
  readonly digest: string;
  readonly manifest: Uint8Array<ArrayBuffer>;
  readonly blobs: readonly Blob[];
}

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** This machine's architecture as images and nodes name it. */
export function platformArchitecture(): string {
  return ARCHITECTURES[process.arch] ?? process.arch;
}

/** A compressed layer, and the digest of its content before compression. */
export interface Layer {
  readonly diffId: string;
  readonly compressed: Blob;
}

export function makeLayer(archive: Uint8Array<ArrayBuffer>): Layer {
  return { diffId: blob(archive).digest, compressed: blob(gzipSync(archive)) };
}

/** An OCI image of one layer, for this machine's platform. The same layer and start result in the same digest. */
export function makeImage({ diffId, compressed }: Layer, start: ImageStart): Image {
  const config = blob(
    json({
      architecture: platformArchitecture(),
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: {
        Env: ['PATH=/bin'],
        ...(start.entrypoint && { Entrypoint: start.entrypoint }),
        ...(start.command && { Cmd: start.command }),
        ...(start.ports && {
          ExposedPorts: Object.fromEntries(start.ports.map(port => [`${port}/tcp`, {}])),
        }),
      },
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [{ created: '1970-01-01T00:00:00Z', created_by: 'slipway testbed' }],
    }),
  );
  const manifest = json({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', compressed)],
  });
  return { digest: blob(manifest).digest, manifest, blobs: [config, compressed] };
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return Buffer.from(JSON.stringify(value));
}

function blob(bytes: Uint8Array<ArrayBuffer>): Blob {
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

function descriptor(mediaType: string, { bytes, digest }: Blob) {
  return { mediaType, digest, size: bytes.length };
}
