import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, timeSchema } from './common.ts';
import { STEP_VERDICTS } from './release-steps.ts';

const countsSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  required: ['bad', 'all'],
  properties: { bad: { type: 'number' }, all: { type: 'number' } },
} as const;

const valueSchema = { type: ['number', 'null'], description: 'null where there was no value.' } as const;

const judgedCheckSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'verdict', 'message'],
  properties: {
    name: { type: 'string' },
    kind: {
      enum: ['counts', 'values', 'bounds', 'http'],
      description:
        'counts and values compare both versions; bounds and http are about the new one. Absent where another run has judged.',
    },
    verdict: { enum: STEP_VERDICTS },
    message: { type: 'string' },
    unit: { type: 'string', description: 'What follows a number, with its space.' },
    margin: { type: 'number', description: 'From where on the difference is too much.' },
    difference: {
      type: 'object',
      additionalProperties: false,
      required: ['estimate', 'lower', 'upper'],
      description: 'How much greater the figure of the new version is, with its interval of 98 %.',
      properties: { estimate: { type: 'number' }, lower: { type: 'number' }, upper: { type: 'number' } },
    },
    counts: {
      type: 'object',
      additionalProperties: false,
      required: ['stable', 'next'],
      properties: { stable: countsSchema, next: countsSchema },
    },
    points: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['at', 'stable', 'next'],
        properties: { at: timeSchema, stable: valueSchema, next: valueSchema },
      },
    },
  },
} as const;

/** What the steps of a release were judged by. */
export const judgingSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/judging.json',
  title: 'Judging',
  description:
    'judging.json of verify-rollout: what was judged of each step of a release, with the data where this run has judged it.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'formation', 'namespace', 'release', 'steps'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Judging' },
    application: { type: 'string' },
    formation: { type: 'string' },
    destination: { type: 'string' },
    namespace: { type: 'string' },
    release: { type: 'integer', minimum: 1 },
    steps: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['at', 'weight', 'verdict', 'judged', 'summary', 'checks'],
        properties: {
          at: { type: 'integer', minimum: 0, description: 'Counted from 0, the step before the first user.' },
          weight: { type: 'number', description: 'Percent of the new connections.' },
          verdict: { enum: STEP_VERDICTS },
          judged: timeSchema,
          summary: { type: 'string' },
          window: {
            type: 'object',
            additionalProperties: false,
            required: ['from', 'to'],
            description: 'The time that was judged, without the warm-up.',
            properties: { from: timeSchema, to: timeSchema },
          },
          'false-alarm': {
            type: 'number',
            description:
              'How probable it is at most that one of the comparisons fails although both versions are alike.',
          },
          checks: { type: 'array', items: judgedCheckSchema },
        },
      },
    },
  },
} as const;

export type Judging = FromSchema<typeof judgingSchema>;
