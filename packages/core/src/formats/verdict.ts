import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, digestSchema, objectReferenceSchema, timeSchema } from './common.ts';
import { configOriginSchemas } from './config-origin.ts';
import { embeddedHoldSchema } from './hold.ts';
import { parseStepFile } from './validate.ts';

/** The media type of a verdict as an OCI artifact. */
export const VERDICT_ARTIFACT_TYPE = 'application/vnd.slipway.verdict.v1+json';

/** What became of a release. */
export const VERDICTS = [
  'succeeded',
  'failed',
  'rolled-back',
  'rollback-failed',
  'superseded',
  'timed-out',
] as const;

const referencesSchema = { type: 'array', items: objectReferenceSchema } as const;

const evidenceSchema = {
  type: 'array',
  description: 'What was found on the way from the object to the failing container, or by a check.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['title', 'lines'],
    properties: { title: { type: 'string' }, lines: { type: 'array', items: { type: 'string' } } },
  },
} as const;

const objectStatusSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['object', 'status', 'message'],
  properties: {
    object: objectReferenceSchema,
    status: { enum: ['ready', 'in-progress', 'failed', 'already-failing', 'unknown'] },
    reason: { type: 'string', description: "Kubernetes' own reason, such as CrashLoopBackOff." },
    message: { type: 'string' },
    remedy: { type: 'string' },
    evidence: evidenceSchema,
  },
} as const;

const checkResultSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'status', 'message', 'evidence'],
  properties: {
    name: { type: 'string' },
    status: {
      enum: ['passed', 'failed', 'not-finished', 'not-judged'],
      description: 'not-judged: it compares versions, and there was nothing to compare with.',
    },
    message: { type: 'string' },
    remedy: { type: 'string' },
    evidence: evidenceSchema,
  },
} as const;

export const verdictSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/verdict.json',
  title: 'Verdict',
  description: 'verdict.json: what became of a release, and why.',
  type: 'object',
  additionalProperties: false,
  required: [
    'apiVersion',
    'kind',
    'verdict',
    'application',
    'formation',
    'namespace',
    'started',
    'finished',
    'summary',
    'objects',
  ],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Verdict' },
    verdict: { enum: VERDICTS },
    application: { type: 'string' },
    formation: { type: 'string' },
    destination: { type: 'string' },
    namespace: { type: 'string' },
    release: { type: 'integer', minimum: 1 },
    deploymentTag: { type: 'string' },
    configRevision: {
      type: 'string',
      description: 'The Git revision of the stencils and config that the release was rendered from.',
    },
    digest: {
      ...digestSchema,
      description:
        'The digest of the rendered tree, by which a later rendering of the same commit is recognised.',
    },
    released: {
      ...timeSchema,
      description: 'When the release began: the order of releases at a destination whose cluster is lost.',
    },
    rollbackOf: { type: 'integer', description: 'The release that this one undoes.' },
    restores: { type: 'integer', description: 'The release whose content this one applies again.' },
    actor: { type: 'string' },
    run: { type: 'string', description: 'The address of the run that deployed it.' },
    reason: { type: 'string' },
    hold: embeddedHoldSchema,
    started: timeSchema,
    finished: timeSchema,
    summary: { type: 'string', description: 'One sentence: what failed, why, what to do.' },
    objects: { type: 'array', items: objectStatusSchema },
    checks: {
      type: 'array',
      description: 'What was checked once everything was ready.',
      items: checkResultSchema,
    },
    rolledBackTo: {
      type: 'object',
      additionalProperties: false,
      required: ['release', 'as'],
      properties: {
        release: {
          type: 'integer',
          description: 'The release whose content was applied again, or was to be.',
        },
        as: { type: 'integer', description: 'The number of the new release that did it.' },
        released: { ...timeSchema, description: 'When that release was recorded.' },
        deploymentTag: { type: 'string' },
        configRevision: { type: 'string', description: 'The Git revision of its stencils and config.' },
        digest: { ...digestSchema, description: 'The digest of its rendered tree.' },
        ...configOriginSchemas,
        restored: { ...referencesSchema, description: 'What was written again.' },
        removed: { ...referencesSchema, description: 'What the failed release had added, and was removed.' },
        left: {
          ...referencesSchema,
          description: 'What it had added and still exists: a protected kind, or not ours.',
        },
        untouched: { ...referencesSchema, description: 'Jobs and definitions: no rollback touches them.' },
      },
    },
    ...configOriginSchemas,
    timeline: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['at', 'text'],
        properties: { at: timeSchema, text: { type: 'string' } },
      },
    },
  },
} as const;

export type Verdict = FromSchema<typeof verdictSchema>;
export type VerdictName = (typeof VERDICTS)[number];
export type ObjectVerdict = Verdict['objects'][number];
export type CheckResult = NonNullable<Verdict['checks']>[number];

export function parseVerdict(text: string, name: string): Verdict {
  return parseStepFile<Verdict>(verdictSchema, text, name);
}
