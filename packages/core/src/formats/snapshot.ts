import type { FromSchema } from 'json-schema-to-ts';
import { COMMIT_PATTERN } from '../names.ts';
import { API_VERSION, deploymentTagSchema, digestSchema, nameSchema, timeSchema } from './common.ts';
import { parseStepFile } from './validate.ts';

/** The media type of a snapshot as an OCI artifact. */
export const SNAPSHOT_ARTIFACT_TYPE = 'application/vnd.slipway.snapshot.v1+json';

const imageSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'digest', 'origin'],
  properties: {
    name: { type: 'string', description: 'registry/repository, without tag' },
    digest: {
      ...digestSchema,
      description: 'The digest of the manifest or index that the deployment tag names.',
    },
    origin: { enum: ['built', 'retagged'] },
    inputs: {
      ...digestSchema,
      description:
        'For a built image: a digest over all that decides about it. A build with the same one takes this image.',
    },
    platforms: {
      type: 'object',
      additionalProperties: digestSchema,
      description: 'For an image of several platforms: the digest of each, by a name such as linux/arm64.',
    },
    source: { type: 'string', description: 'For a retagged image: what it was retagged from.' },
  },
} as const;

export const snapshotSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/snapshot.json',
  title: 'Snapshot',
  description: "snapshot.json: the application at one moment, each service's image by digest.",
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'deploymentTag', 'created', 'registry', 'images'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Snapshot' },
    application: nameSchema,
    deploymentTag: deploymentTagSchema,
    created: timeSchema,
    gitRevision: {
      type: 'string',
      pattern: COMMIT_PATTERN,
      description: 'a full Git object id',
    },
    registry: {
      type: 'string',
      description: 'spec.registry of the application; snapshots are in <registry>/snapshots.',
    },
    spawn: {
      type: 'string',
      pattern: '^[a-z0-9](?:[a-z0-9-]{0,18}[a-z0-9])?$',
      description:
        'The key that its images were built for, such as the number of a pull request: only instances with this key take it.',
    },
    images: { type: 'object', propertyNames: nameSchema, additionalProperties: imageSchema },
  },
} as const;

const { $schema: _schema, $id: _id, ...withoutId } = snapshotSchema;
/** The schema for a snapshot inside another file: a schema's `$id` may be used only once. */
export const embeddedSnapshotSchema = withoutId;

export type Snapshot = FromSchema<typeof snapshotSchema>;
export type SnapshotImage = Snapshot['images'][string];

export function parseSnapshot(text: string, name: string): Snapshot {
  return parseStepFile<Snapshot>(snapshotSchema, text, name);
}

/** `name@sha256:…`, what `${image.x}` becomes. */
export function imageReference(image: SnapshotImage): string {
  return `${image.name}@${image.digest}`;
}

/** What every image of a snapshot is written as in manifests. */
export function imageReferences(snapshot: Snapshot): ReadonlySet<string> {
  return new Set(Object.values(snapshot.images).map(imageReference));
}
