import { createHash } from 'node:crypto';
import type { FromSchema } from 'json-schema-to-ts';
import { defined } from '../defined.ts';
import { canonicalJson, type JsonValue, sha256 } from '../json.ts';
import {
  API_VERSION,
  digestSchema,
  nameSchema,
  namespaceSchema,
  objectReferenceSchema,
  relativePathSchema,
} from './common.ts';
import { setSchema, sharedRevisionsSchema } from './config-origin.ts';
import { embeddedSnapshotSchema } from './snapshot.ts';
import { parseStepFile } from './validate.ts';

/** A field that holds a stand-in until `deploy` opens the secret. */
const sealSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['file', 'document', 'object', 'pointer', 'standIn', 'word', 'placement'],
  properties: {
    file: { ...relativePathSchema, description: 'The manifest, relative to the folder of rendered.json.' },
    document: { type: 'integer', minimum: 0, description: 'Which object of the file, from 0.' },
    object: objectReferenceSchema,
    pointer: { type: 'string', description: 'RFC 6901; the scalar that holds the stand-in.' },
    standIn: {
      type: 'string',
      description: 'The text inside the scalar that the value replaces; in data before base64.',
    },
    word: {
      type: 'string',
      description: 'The word without the prefix secret., such as database.password.',
    },
    placement: {
      enum: ['data', 'stringData'],
      description: 'data: the whole scalar is base64-encoded once it is filled.',
    },
  },
} as const;

export const sealsSchema = { type: 'array', items: sealSchema } as const;

export const renderedSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/rendered.json',
  title: 'Rendered',
  description:
    'rendered.json: what a rendered destination is, and the digest by which later steps recognise it.',
  type: 'object',
  additionalProperties: false,
  required: [
    'apiVersion',
    'kind',
    'application',
    'formation',
    'destination',
    'namespace',
    'files',
    'seals',
    'digest',
  ],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Rendered' },
    application: nameSchema,
    formation: nameSchema,
    destination: nameSchema,
    namespace: namespaceSchema,
    snapshot: {
      ...embeddedSnapshotSchema,
      description: 'Absent if images are unresolved, as on a pull request.',
    },
    kubernetes: { type: 'string', description: "The formation's minor version of Kubernetes." },
    configRevision: {
      type: 'string',
      description: 'The Git revision of stencils and config; not part of the digest.',
    },
    sharedRevisions: sharedRevisionsSchema,
    set: { ...setSchema, description: `${setSchema.description} It is part of the digest.` },
    tools: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Versions of the tools that wrote manifests, such as helm; not part of the digest.',
    },
    files: {
      type: 'array',
      items: relativePathSchema,
      description: 'The manifests, in order, relative to this file.',
    },
    seals: sealsSchema,
    digest: digestSchema,
  },
} as const;

export type Rendered = FromSchema<typeof renderedSchema>;
export type Seal = Rendered['seals'][number];

export function parseRendered(text: string, name: string): Rendered {
  return parseStepFile<Rendered>(renderedSchema, text, name);
}

/**
 * The digest of one rendered destination: over its objects in order, its seals and what it is of. The config revision is
 * outside, so that a committed tree stays equal while the repository moves on.
 */
export function renderedDigest(rendered: Omit<Rendered, 'digest'>, objects: readonly JsonValue[]): string {
  const digest = new RenderedDigest(rendered);
  for (const object of objects) digest.add(canonicalJson(object));
  return digest.of(rendered);
}

/** The same, over one object after the other, so that none of them has to be kept. */
export class RenderedDigest {
  readonly #hash = createHash('sha256');
  #separator = '';

  constructor({
    application,
    formation,
    destination,
    namespace,
  }: Pick<Rendered, 'application' | 'formation' | 'destination' | 'namespace'>) {
    // Keys are in the order of canonical JSON: "objects" comes between "namespace" and "seals".
    const before = canonicalJson({ application, formation, destination, namespace });
    this.#hash.update(`${before.slice(0, -1)},"objects":[`);
  }

  /** @param object its canonical JSON */
  add(object: string): void {
    this.#hash.update(this.#separator + object);
    this.#separator = ',';
  }

  /** Ends the digest with what is known only once all objects are. */
  of({ seals, snapshot, set }: Pick<Rendered, 'seals' | 'snapshot' | 'set'>): string {
    const behind = canonicalJson({
      ...{ seals, snapshot: snapshot ?? null },
      // Only where there is one, so that digests are as they were before it was noted.
      ...defined({ set }),
    } as unknown as JsonValue);
    return `sha256:${this.#hash.update(`],${behind.slice(1)}`).digest('hex')}`;
  }
}

/** The digest over all destinations of a run, whatever order they were rendered in. */
export function combinedDigest(rendered: readonly Rendered[]): string {
  const [only, ...others] = rendered;
  if (only !== undefined && others.length === 0) return only.digest;
  const digests = rendered
    .map(({ formation, destination, digest }) => `${formation}/${destination} ${digest}\n`)
    .sort();
  return sha256(digests.join(''));
}
