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

const workloadStepsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['object', 'pods', 'copies'],
  description: 'A workload that goes in steps, and the size of its temporary copy in each.',
  properties: {
    object: objectReferenceSchema,
    pods: { type: 'integer', description: 'How many pods serve now.' },
    takesWork: { type: 'boolean', description: 'Its pods fetch their work themselves.' },
    copies: {
      type: 'array',
      description: 'One entry for each step.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['pods', 'share'],
        properties: {
          pods: { type: 'integer' },
          share: { type: 'number', description: 'The real percentage of new connections, or of the pods.' },
        },
      },
    },
  },
} as const;

const plannedStepsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['first', 'list', 'workloads', 'ordinary', 'notes'],
  description: 'How the release reaches its users in steps.',
  properties: {
    first: {
      type: 'array',
      items: { type: 'string' },
      description: 'What is done at the start and not taken back, as sentences.',
    },
    list: { type: 'array', items: { type: 'string' }, description: 'Each step, in words.' },
    workloads: { type: 'array', items: workloadStepsSchema },
    ordinary: {
      type: 'array',
      description: 'Workloads without a copy, which are written when the release is committed.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['object', 'reason'],
        properties: { object: objectReferenceSchema, reason: { type: 'string' } },
      },
    },
    peak: {
      type: 'object',
      additionalProperties: false,
      required: ['now', 'most'],
      description: 'How many pods the workloads have now, and at most while the release is open.',
      properties: {
        now: { type: 'integer' },
        most: { type: 'integer' },
        cpu: { type: 'string', description: 'What the pods beside those of now request, such as 500m.' },
        memory: { type: 'string' },
      },
    },
    notes: {
      type: 'array',
      items: { type: 'string' },
      description: 'What those who approve it should know, as sentences.',
    },
  },
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
    before: {
      type: 'string',
      description: 'What a deploy would do first about a release in steps that is open, as a sentence.',
    },
    against: againstSchema,
    unknown: {
      type: 'string',
      description: 'Why it is not known what changes; `changes` is empty then, and says nothing.',
    },
    steps: plannedStepsSchema,
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
    adoption: {
      type: 'object',
      additionalProperties: false,
      description:
        'What a release with `adopt` would do instead, where this one is refused because objects belong to other owners.',
      required: ['changes'],
      properties: {
        unknown: {
          type: 'string',
          description: 'Why it is not known; `changes` is empty then, and says nothing.',
        },
        changes: { type: 'array', items: changeSchema },
        steps: plannedStepsSchema,
        notCompared: { type: 'integer', minimum: 1, description: 'How many objects are refused even then.' },
        refusals: {
          type: 'array',
          items: { type: 'string' },
          description: 'What it would be refused for that this one is not.',
        },
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
export type PlannedSteps = NonNullable<Plan['steps']>;
export type PlannedChange = Plan['changes'][number];

export function parsePlan(text: string, name: string): Plan {
  return parseStepFile<Plan>(planSchema, text, name);
}
