import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, digestSchema, nameSchema, namespaceSchema, timeSchema } from './common.ts';
import { configOriginSchemas } from './config-origin.ts';
import { allowSchema } from './formation.ts';
import { embeddedHoldSchema } from './hold.ts';
import { recordedSecretsSchema } from './recorded-secrets.ts';
import { releaseStepsSchema } from './release-steps.ts';
import { sealsSchema } from './rendered.ts';
import { embeddedSnapshotSchema } from './snapshot.ts';
import { parseStepFile } from './validate.ts';
import { VERDICTS } from './verdict.ts';
import { verifySchema } from './verify.ts';

const recordedObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'name', 'written'],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    namespace: { type: 'string' },
    name: { type: 'string' },
    given: {
      type: 'string',
      description: 'The name in the manifest, if the object is named by its content.',
    },
    uid: { type: 'string', description: 'Absent until the object was seen or written.' },
    generation: { type: 'integer' },
    written: {
      type: 'boolean',
      description:
        'Whether this release wrote it; an object that it did not write is not a reason to roll back.',
    },
    toWrite: {
      type: 'boolean',
      description: 'This release has yet to write it, or ended before it noted that it had.',
    },
    stamped: {
      type: 'boolean',
      description:
        'It has the number of this release, which did not change it: the run before had not released its lock.',
    },
    healthyBefore: { type: 'boolean' },
    adopted: {
      type: 'boolean',
      description: 'This release took it over from another owner: rolling it back does not remove it.',
    },
    existedBefore: {
      type: 'boolean',
      description: 'It existed before, no tool owned it, and it was not adopted: it is never removed.',
    },
    half: {
      enum: ['first', 'last'],
      description:
        'For a release that goes in steps: whether it is written at the start, or when the release is committed.',
    },
    copyOf: {
      type: 'string',
      description:
        'The name of the object of its kind whose temporary copy it is, for a release that goes in steps.',
    },
  },
} as const;

export const releaseSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/release.json',
  title: 'Release',
  description: 'The record of a release, as it is kept in the cluster and written to release.json.',
  type: 'object',
  additionalProperties: false,
  required: [
    'apiVersion',
    'kind',
    'number',
    'application',
    'formation',
    'namespace',
    'created',
    'reason',
    'manifests',
    'seals',
    'objects',
    'prune',
  ],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Release' },
    number: { type: 'integer', minimum: 1 },
    application: nameSchema,
    formation: nameSchema,
    destination: nameSchema,
    namespace: namespaceSchema,
    deploymentTag: { type: 'string' },
    snapshot: embeddedSnapshotSchema,
    configRevision: { type: 'string' },
    ...configOriginSchemas,
    digest: digestSchema,
    created: timeSchema,
    applied: {
      ...timeSchema,
      description: 'When the last object was written; absent if that was never reached.',
    },
    stopped: {
      type: 'string',
      description: 'Why deploy ended before the last object was written, if it could still note it.',
    },
    closed: timeSchema,
    verdict: { enum: VERDICTS, description: 'Absent while the release is open.' },
    actor: { type: 'string' },
    run: { type: 'string', description: "The run's address." },
    reason: { type: 'string' },
    rollbackOf: { type: 'integer', description: 'The release that this one undoes.' },
    restores: { type: 'integer', description: 'The release whose content this one applies again.' },
    hold: embeddedHoldSchema,
    manifests: {
      type: 'array',
      description: 'The objects as applied, with stand-ins where secrets go.',
      items: { type: 'object' },
    },
    seals: sealsSchema,
    secrets: recordedSecretsSchema,
    objects: { type: 'array', items: recordedObjectSchema },
    pending: {
      type: 'array',
      items: recordedObjectSchema,
      description: 'What left the formation and still exists, until a release succeeds.',
    },
    jobs: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Names of the Jobs that have run, by content.',
    },
    prune: { enum: ['after-success', 'now', 'off'] },
    pruned: { type: 'boolean', description: 'Whether what left the formation has been removed.' },
    allow: allowSchema,
    forceConflicts: { type: 'boolean', description: 'Whether it took over fields of other managers.' },
    policies: {
      type: 'object',
      description: 'The rules that applied; a rollback without a checkout is checked by them.',
      additionalProperties: false,
      required: ['packs', 'documents'],
      properties: {
        packs: {
          type: 'array',
          items: { type: 'string' },
          description: 'Such as workloads, or with a level other than error, workloads: warn.',
        },
        documents: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['path', 'line', 'value'],
            properties: { path: { type: 'string' }, line: { type: 'integer' }, value: {} },
          },
        },
      },
    },
    verify: verifySchema,
    steps: releaseStepsSchema,
  },
} as const;

export type Release = FromSchema<typeof releaseSchema>;
export type RecordedObject = Release['objects'][number];
/** Where a release in steps is to be. */
export type ReleaseSteps = NonNullable<Release['steps']>;

export function parseRelease(text: string, name: string): Release {
  return parseStepFile<Release>(releaseSchema, text, name);
}
