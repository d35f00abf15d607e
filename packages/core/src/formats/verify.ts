import type { FromSchema } from 'json-schema-to-ts';
import type { SourceDocument } from '../source-document.ts';
import { checksSchema } from './checks.ts';
import { durationSchema } from './common.ts';
import { checkFormat } from './validate.ts';

/** How long a kind of trouble may last before it is certain; each takes the place of windows that suit most clusters. */
export const windowsSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'How long a problem may last before it is a failure, if the default does not fit.',
  properties: {
    pull: { ...durationSchema, description: 'a duration such as 2m: an image that cannot be pulled' },
    crash: {
      ...durationSchema,
      description:
        'a duration such as 2m: a container that is crash-looping; by default its second crash fails the release',
    },
    schedule: { ...durationSchema, description: 'a duration such as 10m: a pod that cannot be scheduled' },
    ready: {
      ...durationSchema,
      description: 'a duration such as 5m: a running container whose readiness probe fails',
    },
  },
} as const;

const expression = { type: 'string', minLength: 1, maxLength: 10_000 } as const;

export const statusRulesSchema = {
  type: 'array',
  description:
    'When objects of a kind that Kubernetes does not know are ready: expressions in CEL about `object`.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['group', 'kind', 'ready'],
    properties: {
      group: {
        type: 'string',
        pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
        description: 'the API group, such as argoproj.io, for all of its versions',
      },
      kind: { type: 'string', pattern: '^[A-Z][A-Za-z0-9]*$', description: 'the kind, such as Rollout' },
      ready: { ...expression, description: 'True when the object is ready.' },
      failed: { ...expression, description: 'True when it will not become ready by itself.' },
      'failed-after': {
        ...durationSchema,
        description: 'a duration such as 30s: how long `failed` must hold; at once by default',
      },
      message: { ...expression, description: 'Text that describes its state.' },
    },
  },
} as const;

export const verifySchema = {
  type: 'object',
  additionalProperties: false,
  description: 'How verify-rollout decides.',
  properties: {
    'stable-for': {
      ...durationSchema,
      description: 'a duration such as 30s: how long everything must remain ready',
    },
    timeout: { ...durationSchema, description: 'a duration such as 10m: how long to wait for progress' },
    deadline: {
      ...durationSchema,
      description: 'a duration such as 1h: how long it may take altogether, whatever the progress',
    },
    'on-failure': { enum: ['report', 'rollback'], description: 'What to do about a release that failed.' },
    windows: windowsSchema,
    status: statusRulesSchema,
    checks: checksSchema,
  },
} as const;

/** The rules of an action's input. */
export const statusRulesInputSchema = {
  ...statusRulesSchema,
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/status-rules.json',
  title: 'StatusRules',
} as const;

/** @throws SlipwayError with every problem of the text */
export function parseStatusRules(document: SourceDocument): readonly StatusRule[] {
  return checkFormat<StatusRule[]>(statusRulesInputSchema, document);
}

/** How a formation says that its releases are to be verified. */
export type VerifyBlock = FromSchema<typeof verifySchema>;
export type StatusRule = FromSchema<typeof statusRulesSchema>[number];
export type VerifyWindows = FromSchema<typeof windowsSchema>;
