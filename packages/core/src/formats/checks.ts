import type { FromSchema } from 'json-schema-to-ts';
import { throwIfAny } from '../errors.ts';
import type { SourceDocument } from '../source-document.ts';
import { durationSchema, nameSchema } from './common.ts';
import { comparisonProblems } from './comparison-problems.ts';
import { checkFormat } from './validate.ts';

/** A name of an object, which may have placeholders: formations may put their own in front of all names. */
const objectNameSchema = {
  type: 'string',
  pattern: '^(?:[a-z0-9.-]|\\$\\{[A-Za-z0-9._-]+\\})+$',
} as const;

const percentSchema = {
  type: 'string',
  pattern: '^\\d+(?:\\.\\d+)?%$',
  description: 'a percentage such as 20%',
} as const;

const httpSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['service'],
  description: "An endpoint of a Service of the release, asked through the API server's proxy.",
  properties: {
    service: { ...objectNameSchema, description: 'a Service of the release' },
    port: {
      type: ['string', 'integer'],
      description: "The port's name or number; the Service's first by default.",
    },
    scheme: { enum: ['http', 'https'], description: 'What the port speaks; http by default.' },
    path: {
      type: 'string',
      pattern: '^/',
      description: 'a path that begins with /, with its query; / by default',
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Headers of the request.',
    },
    status: {
      type: 'integer',
      minimum: 100,
      maximum: 599,
      description: 'The expected status; 200 by default.',
    },
    contains: { type: 'string', minLength: 1, description: 'Text that the answer must contain.' },
    json: {
      type: 'object',
      propertyNames: { pattern: '^(?:/[^/]*)+$' },
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
      description: 'Fields of a JSON answer by pointer, and their expected values, such as {/status: up}.',
    },
    within: {
      ...durationSchema,
      description: 'a duration such as 30s (the default): until when it must answer as expected',
    },
    interval: {
      ...durationSchema,
      description: 'a duration such as 2s (the default): the pause between two requests',
    },
    for: {
      ...durationSchema,
      description:
        'a duration such as 20s: how long each answer must be as expected; one is enough by default',
    },
    timeout: {
      ...durationSchema,
      description: 'a duration such as 5s (the default): how long one answer may take',
    },
  },
} as const;

const jobTimeoutSchema = {
  ...durationSchema,
  description: 'a duration such as 5m (the default): how long the Job may take',
} as const;

const jobSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  description: 'A suspended Job of the release, of which a copy is run; it must complete.',
  properties: {
    name: { ...objectNameSchema, description: 'the name of the Job, as its stencil has it' },
    timeout: jobTimeoutSchema,
  },
} as const;

const querySchema = { type: 'string', minLength: 1, maxLength: 10_000 } as const;

const prometheusSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'A query of Prometheus, whose values must keep within bounds, or two that count, for a comparison of both versions of a release in steps.',
  minProperties: 2,
  dependencies: {
    bad: ['all', 'worse-by'],
    all: ['bad'],
    'worse-by': ['bad'],
    'min-requests': ['bad'],
  },
  properties: {
    query: {
      ...querySchema,
      description:
        'PromQL that results in a number for each moment. With ${pods} it is asked about the pods of each version of a release in steps.',
    },
    bad: {
      ...querySchema,
      description: 'PromQL that counts the bad requests of ${pods} in [${window}].',
    },
    all: { ...querySchema, description: 'PromQL that counts all requests of ${pods} in [${window}].' },
    'worse-by': {
      ...percentSchema,
      description:
        'a percentage such as 1%: by how many percentage points more of the requests of the new version may be bad',
    },
    'min-requests': {
      type: 'integer',
      minimum: 1,
      description:
        'How many requests each version must have got, so that they can be compared; 200 by default.',
    },
    window: { ...durationSchema, description: 'a duration such as 5m (the default): how long to look' },
    every: {
      ...durationSchema,
      description: 'a duration such as 15s (the default): the time between two values',
    },
    max: { type: 'number', description: 'No value may be greater.' },
    min: { type: 'number', description: 'No value may be less.' },
    'higher-by': {
      ...percentSchema,
      description: 'a percentage such as 20%: how much higher the values of the new version may be',
    },
    'lower-by': {
      ...percentSchema,
      description: 'a percentage such as 20%: how much lower the values of the new version may be',
    },
    'min-difference': {
      type: 'number',
      exclusiveMinimum: 0,
      description:
        'A smaller difference between the versions than this is not too much, whatever its percentage.',
    },
    samples: {
      type: 'integer',
      minimum: 5,
      maximum: 1000,
      description:
        'How many values of each version are needed, so that they can be compared; 10 by default. No order of fewer than 5 says anything with 98 %.',
    },
    'max-increase': {
      ...percentSchema,
      description:
        'a percentage such as 20%: how much greater than the average before the release a value may be',
    },
    'max-decrease': {
      ...percentSchema,
      description:
        'a percentage such as 20%: how much less than the average before the release a value may be',
    },
    tolerate: {
      type: 'integer',
      minimum: 0,
      maximum: 1000,
      description: 'How many values in a row may be out of bounds; 2 by default.',
    },
    absent: {
      enum: ['fail', 'pass', 'inconclusive'],
      description:
        'How no value, or NaN, counts: out of bounds (fail) by default; a comparison is inconclusive by default.',
    },
  },
} as const;

const properties = {
  name: nameSchema,
  http: httpSchema,
  job: jobSchema,
  prometheus: prometheusSchema,
} as const;

const WHAT = 'What must hold once everything is ready: a name each, and `http`, `job` or `prometheus`.';

/** The checks of a formation. */
export const checksSchema = {
  type: 'array',
  description: WHAT,
  maxItems: 50,
  items: {
    type: 'object',
    description: 'a name, and one of http, job and prometheus',
    additionalProperties: false,
    required: ['name'],
    minProperties: 2,
    maxProperties: 2,
    properties,
  },
} as const;

/** The checks of an action's input, which may contain a Job of their own: only the workflow's author writes them. */
export const checksInputSchema = {
  ...checksSchema,
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/checks.json',
  title: 'Checks',
  items: {
    ...checksSchema.items,
    properties: {
      ...properties,
      job: {
        ...jobSchema,
        required: [],
        minProperties: 1,
        properties: {
          ...jobSchema.properties,
          manifest: {
            type: 'object',
            description: 'The Job itself, instead of the name of one of the release.',
          },
        },
      },
    },
  },
} as const;

/** A check as it is declared: a name, and one of the three ways to look. */
export type Check = FromSchema<typeof checksInputSchema>[number];
export type HttpCheck = NonNullable<Check['http']>;
export type JobCheck = NonNullable<Check['job']>;
export type PrometheusCheck = NonNullable<Check['prometheus']>;

/** @throws SlipwayError with every problem of the text */
export function parseChecks(document: SourceDocument): readonly Check[] {
  const checks = checkFormat<Check[]>(checksInputSchema, document);
  throwIfAny(comparisonProblems(checks, document, []));
  return checks;
}
