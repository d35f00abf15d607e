import { type JsonObject, sha256 } from '@slipway/core';
import { getBlob, putBlob } from '../blobs/blobs.ts';
import { invalidAnswer } from '../http/answers.ts';
import type { RegistryClient } from '../http/client.ts';
import { blobsOf } from '../manifests/descriptors.ts';
import { type Descriptor, findManifest, type Manifest, OCI_MANIFEST } from '../manifests/manifests.ts';
import type { Reference, Repository } from '../reference.ts';
import { macAnnotation, verifyMac } from './mac.ts';

/** A file in a registry: one layer, an empty config. https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage */
export interface Artifact {
  /** Type of the artifact and of its layer. */
  readonly type: string;
  readonly fileName: string;
  readonly content: string;
  /** The manifest that this one is about. */
  readonly subject?: Descriptor;
}

export interface StoredArtifact {
  readonly manifest: Manifest;
  readonly content: string;
}

const EMPTY_CONFIG = Buffer.from('{}');
const EMPTY_CONFIG_TYPE = 'application/vnd.oci.empty.v1+json';

/** Uploads an artifact, which nothing names yet: `putManifest` gives it its tag. */
export async function uploadArtifact(
  client: RegistryClient,
  target: Repository,
  artifact: Artifact,
): Promise<Manifest> {
  const [config, layer] = await Promise.all([
    putBlob(client, target, EMPTY_CONFIG),
    putBlob(client, target, Buffer.from(artifact.content)),
  ]);
  const content = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: artifact.type,
    config: { ...config, mediaType: EMPTY_CONFIG_TYPE },
    layers: [
      {
        ...layer,
        mediaType: artifact.type,
        annotations: { 'org.opencontainers.image.title': artifact.fileName },
      },
    ],
    ...(artifact.subject === undefined ? {} : { subject: descriptorOf(artifact.subject) }),
    ...macAnnotation(client, { ...artifact, subject: artifact.subject?.digest }),
  };
  const bytes = Buffer.from(JSON.stringify(content));
  return { mediaType: OCI_MANIFEST, digest: sha256(bytes), size: bytes.length, bytes, content };
}

function descriptorOf({ mediaType, digest, size }: Descriptor): JsonObject {
  return { mediaType, digest, size };
}

/**
 * The artifact under a tag; undefined if there is none, or something of another type.
 * @throws SlipwayError `artifact-unverified` for one without the MAC that it needs
 */
export async function readArtifact(
  client: RegistryClient,
  reference: Reference,
  type: string,
): Promise<StoredArtifact | undefined> {
  const manifest = await findManifest(client, reference);
  if (manifest === undefined || manifest.content['artifactType'] !== type) return undefined;
  const layer = blobsOf(manifest, reference.registry).find(({ mediaType }) => mediaType === type);
  if (layer === undefined) throw invalidAnswer(reference.registry, 'an artifact without its file');
  const content = (await getBlob(client, reference, layer)).toString('utf8');
  verifyMac(client, reference, { manifest, content });
  return { manifest, content };
}
