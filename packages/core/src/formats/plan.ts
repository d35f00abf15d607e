import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, digestSchema, objectReferenceSchema, timeSchema } from './common.ts';
import { parseStepFile } from './validate.ts';
import { VERDICTS } from './verdict.ts';

const changeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['object', 'action'],
  properties: {
    object: objectReferenceSchema,
    action: {
      enum: ['create', 'change', 'unchanged', 'replace', 'prune', 'skip'],
      description: 'skip: a Job that has run.',
    },
    fields: {
      type: 'array',
      description: 'What differs; values of Secrets are never shown.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['pointer'],
        properties: {
          pointer: { type: 'string' },
          before: {},
          after: {},
          drifted: {
            type: 'boolean',
            description: 'The manifest is unchanged: the field was changed in the cluster.',
          },
        },
      },
    },
    restarts: { type: 'boolean', description: 'Pods of this workload would be restarted.' },
    unread: {
      type: 'boolean',
      description: 'The credentials may not read the object, so it is not known whether it changes.',
    },
    note: { type: 'string' },
  },
} as const;

const againstSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'The release that a plan without the cluster was made against, as the registry knows it.',
  required: ['release', 'verdict', 'verified', 'reproduced'],
  properties: {
    release: { type: 'integer', minimum: 1 },
    deploymentTag: { type: 'string' },
    configRevision: { type: 'string', description: 'The Git revision of its stencils and config.' },
    verdict: { enum: VERDICTS },
    verified: timeSchema,
    reproduced: {
      type: 'boolean',
      description:
        'Whether rendering its commit again gave the digest that was deployed; if not, fields that differ may be missing from the changes.',
    },
  },
} as const;

const imageSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['service'],
  properties: { service: { type: 'string' }, before: digestSchema, after: digestSchema },
} as const;

export const planSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/plan.json',
  title: 'Plan',
  description: 'plan.json: what a release would change in the cluster.',
  type: 'object',
  additionalProperties: false,
  required: [
    'apiVersion',
    'kind',
    'application',
    'formation',
    'destination',
    'namespace',
    'method',
    'changes',
  ],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Plan' },
    application: { type: 'string' },
    formation: { type: 'string' },
    destination: { type: 'string' },
    namespace: { type: 'string' },
    deploymentTag: { type: 'string' },
    method: {
      enum: ['dry-run', 'merge', 'trees'],
      description:
        "The server's dry run; a local merge where the rights allow get and list only; or two rendered trees beside each other, without a cluster.",
    },
    limits: { type: 'array', items: { type: 'string' }, description: 'What this plan cannot know, and why.' },
    waits: {
      type: 'array',
      items: { type: 'string' },
      description: 'What keeps it from being applied now and will be over, such as a hold.',
    },
    against: againstSchema,
    unknown: {
      type: 'string',
      description: 'Why it is not known what changes; `changes` is empty then, and says nothing.',
    },
    images: { type: 'array', items: imageSchema, description: 'Services whose image is another one.' },
    changes: { type: 'array', items: changeSchema },
    beyond: {
      type: 'object',
      additionalProperties: false,
      description: 'What a release does beside what the plan without the cluster has, which was approved.',
      required: ['plannedFrom', 'changes'],
      properties: {
        plannedFrom: { type: 'integer', minimum: 0 },
        unknown: {
          type: 'string',
          description: 'Why it is not known; `changes` is empty then, and says nothing.',
        },
        changes: { type: 'array', items: changeSchema },
      },
    },
    notCompared: {
      type: 'integer',
      minimum: 1,
      description:
        'How many objects are not among the changes, because they are refused: the errors say why.',
    },
  },
} as const;

export type Plan = FromSchema<typeof planSchema>;
export type PlannedChange = Plan['changes'][number];

export function parsePlan(text: string, name: string): Plan {
  return parseStepFile<Plan>(planSchema, text, name);
}
