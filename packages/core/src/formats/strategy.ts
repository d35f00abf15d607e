import type { FromSchema } from 'json-schema-to-ts';
import { durationSchema } from './common.ts';

/** Bounded, so that no sum of durations loses its precision. */
const spanSchema = {
  ...durationSchema,
  pattern: '^(?:\\d{1,5}h)?(?:\\d{1,7}m)?(?:\\d{1,9}s)?$',
} as const;

const personSchema = {
  type: 'string',
  pattern: '^@?[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9._-]+)?$',
  description: 'a user of GitHub, or a team as organisation/team, such as "@ada" or "@acme/release"',
} as const;

const workloadSchema = {
  type: ['string', 'object'],
  description: 'a Deployment by its name, or {name: mailer, takes-work: true}',
  minLength: 1,
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, description: 'the name of a Deployment' },
    'takes-work': {
      type: 'boolean',
      description:
        'Whether its pods fetch their work themselves, from a queue for instance, and no Service sends it to them.',
    },
  },
} as const;

export const strategyStepSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['weight'],
  description: 'A share of the traffic, how long it stays and is judged, and what it then waits for.',
  properties: {
    weight: {
      type: 'integer',
      description:
        'a whole number, 0, 1 to 50, or 100: the percentage of new connections that the new version gets',
    },
    bake: { ...spanSchema, description: 'a duration such as 10m: how long it stays before it is judged' },
    pause: {
      type: 'string',
      minLength: 1,
      description: 'What the release waits for after the judgement, by a name of your own, such as commit.',
    },
    unwatched: {
      type: 'boolean',
      description:
        'Whether more than 10 % of the traffic may go to the new version while no run looks at it.',
    },
    by: {
      type: 'array',
      minItems: 1,
      items: personSchema,
      description:
        'GitHub users, and teams as organisation/team, one of whom has to decide; anyone who may start the workflow by default.',
    },
    not: {
      enum: ['actor'],
      description: 'Whose decision does not count: that of whoever started the release.',
    },
  },
} as const;

/** How the releases of a formation reach their users in steps. */
export const stepStrategySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['steps'],
  description: 'How a release reaches its users in steps, each judged against the version that still serves.',
  properties: {
    workloads: {
      type: 'array',
      minItems: 1,
      items: workloadSchema,
      description:
        'The Deployments that get a copy; by default those that the release restarts and that a Service of the release selects.',
    },
    steps: { type: 'array', minItems: 1, maxItems: 20, items: strategyStepSchema },
    'warm-up': {
      ...spanSchema,
      description:
        'a duration such as 2m: what is left out of the judgement at the beginning of each step; 0s by default',
    },
    drain: {
      ...spanSchema,
      description:
        "a duration such as 10s (the default): from the change of endpoints until the copy's pods are deleted",
    },
    'on-inconclusive': {
      enum: ['pause', 'reject'],
      description: 'What follows if nothing can be said about a step; pause by default.',
    },
    'while-open': {
      enum: ['replace', 'refuse'],
      description:
        'What a newer deployment does to a release that is between two pauses; replace by default.',
    },
    attend: {
      ...spanSchema,
      description:
        'a duration such as 20m (the default): how long verify-rollout stays for all bakes together',
    },
    expires: {
      ...spanSchema,
      description: 'a duration such as 24h (the default): after which the next look undoes an open release',
    },
    balancer: {
      enum: ['addresses'],
      description: 'Says that a load balancer outside of the cluster sends to the addresses of pods.',
    },
    notify: {
      type: 'array',
      minItems: 1,
      items: personSchema,
      description:
        'GitHub users, who are assigned to the issue of a release that waits, and teams as organisation/team, which it mentions.',
    },
  },
} as const;

/** In a formation, `none` ends what `extends` would take over. */
export const strategySchema = {
  ...stepStrategySchema,
  type: ['string', 'object'],
  pattern: '^none$',
  description: 'none, or the steps in which a release reaches its users',
} as const;

/** The strategy of an action's input, which is not that of a formation. */
export const strategyInputSchema = {
  ...strategySchema,
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/strategy.json',
  title: 'Strategy',
} as const;

export type StepStrategy = FromSchema<typeof stepStrategySchema>;
export type StrategyStep = StepStrategy['steps'][number];

/** A release in steps, or that a formation has none although the one that it extends does. */
export type Strategy = StepStrategy | 'none';

/** The strategy that is in force: undefined for `none` and where nothing is said. */
export function stepsOf(strategy: Strategy | string | undefined): StepStrategy | undefined {
  return typeof strategy === 'object' ? strategy : undefined;
}
