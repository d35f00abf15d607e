import type { FromSchema } from 'json-schema-to-ts';
import { durationSchema, namespaceSchema } from './common.ts';

/** The word that stands for the key of an instance. */
export const SPAWN_WORD = '${spawn}';

const hostSchema = {
  type: 'string',
  pattern: '^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$',
  description: 'a DNS name such as preview.acme.io',
} as const;

const quantitySchema = {
  type: 'string',
  pattern: '^[0-9]{1,12}(?:\\.[0-9]{1,6})?(?:m|k|M|G|T|Ki|Mi|Gi|Ti)?$',
  description: 'a quantity such as "4", 500m or 8Gi, in quotes if it is a number',
} as const;

const countSchema = {
  type: 'string',
  pattern: '^[0-9]{1,6}$',
  description: 'a whole number in quotes, such as "20"',
} as const;

/**
 * What all pods of an instance of the form `create` may have together, and its namespace what it may hold; an instance may have less.
 * examples/roles/spawner.yaml has the same.
 */
export const ROOM_QUOTA = {
  pods: '30',
  'requests.cpu': '4',
  'limits.cpu': '8',
  'requests.memory': '8Gi',
  'limits.memory': '12Gi',
  'requests.storage': '20Gi',
  'requests.ephemeral-storage': '8Gi',
  'limits.ephemeral-storage': '16Gi',
  'count/jobs.batch': '20',
  'count/services': '30',
  'count/configmaps': '100',
  'count/secrets': '200',
  'count/serviceaccounts': '30',
  'count/persistentvolumeclaims': '20',
  'count/deployments.apps': '30',
  'count/statefulsets.apps': '30',
  'count/daemonsets.apps': '10',
  'count/cronjobs.batch': '20',
  'count/ingresses.networking.k8s.io': '20',
} as const;

/** What containers of such an instance have that ask for nothing, where the block does not say it. */
export const ROOM_DEFAULTS = {
  requests: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
  limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '1Gi' },
} as const;

/**
 * The least that a container of such an instance may ask for and be limited to, so that each has a limit and counts in the quota.
 */
export const ROOM_MIN = { cpu: '1m', memory: '1Mi', 'ephemeral-storage': '1Mi' } as const;

const resourcesSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { cpu: quantitySchema, memory: quantitySchema, 'ephemeral-storage': quantitySchema },
} as const;

/** Makes a formation one of which there is an instance for each pull request or branch. */
export const spawnSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['form', 'expires', 'at-most', 'hosts', 'registry'],
  description: 'Lets the formation have an instance for each pull request or branch, which ends with it.',
  properties: {
    form: {
      enum: ['shared', 'create'],
      description:
        'Where instances are: shared, all of them in one namespace that exists; create, each in one of its own, which a second login makes.',
    },
    expires: {
      ...durationSchema,
      description:
        'a duration such as 48h, at most 168h: how long an instance stays after the last push of a person',
    },
    'at-most': {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description: 'How many instances there may be at the same time, 1 to 100.',
    },
    hosts: {
      type: 'array',
      minItems: 1,
      items: hostSchema,
      description: 'Every host that an instance asks for is one of these, or ends in one of them.',
    },
    url: {
      type: 'string',
      pattern: '^https://\\S+$',
      description:
        'an address that begins with https:// and contains ${spawn}: where people open an instance',
    },
    registry: {
      type: 'string',
      pattern: '^[a-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9._-]+)+$',
      description:
        'host/repository: where images of pull requests go, another one than spec.registry of slipway.yaml',
    },
    tenant: {
      type: 'string',
      pattern: '^[A-Za-z0-9](?:[A-Za-z0-9:._@/-]{0,251}[A-Za-z0-9])?$',
      description:
        'With form create, the user name of the login that deploys instances; of a ServiceAccount it is system:serviceaccount:<namespace>:<name>.',
    },
    quota: {
      type: 'object',
      additionalProperties: false,
      description: 'With form create, what an instance may have at most, where that is less than is shipped.',
      properties: {
        pods: countSchema,
        'requests.cpu': quantitySchema,
        'limits.cpu': quantitySchema,
        'requests.memory': quantitySchema,
        'limits.memory': quantitySchema,
        'requests.storage': quantitySchema,
        'requests.ephemeral-storage': quantitySchema,
        'limits.ephemeral-storage': quantitySchema,
        'count/jobs.batch': countSchema,
        'count/services': countSchema,
        'count/configmaps': countSchema,
        'count/secrets': countSchema,
        'count/serviceaccounts': countSchema,
        'count/persistentvolumeclaims': countSchema,
        'count/deployments.apps': countSchema,
        'count/statefulsets.apps': countSchema,
        'count/daemonsets.apps': countSchema,
        'count/cronjobs.batch': countSchema,
        'count/ingresses.networking.k8s.io': countSchema,
      },
    },
    defaults: {
      type: 'object',
      additionalProperties: false,
      description: 'With form create, what containers have that ask for nothing.',
      properties: { requests: resourcesSchema, limits: resourcesSchema },
    },
    network: {
      type: 'object',
      additionalProperties: false,
      description: 'With form create, which other namespaces pods are reached from, and may reach.',
      properties: {
        from: { type: 'array', items: namespaceSchema },
        to: { type: 'array', items: namespaceSchema },
      },
    },
    fence: {
      enum: ['none'],
      description:
        'With form shared, none, with a fence-reason, lets instances into a namespace without quota, limits, egress policy and Pod Security.',
    },
    'fence-reason': {
      type: 'string',
      minLength: 1,
      description: 'Why the namespace of the instances has no fence.',
    },
  },
} as const;

export type SpawnBlock = FromSchema<typeof spawnSchema>;

/** How long an instance may stay after the last push of a person. */
export const LONGEST_HOURS = 168;

/** What an instance never has: no one waits for its waves, nothing is promoted to it, and it touches nothing outside of its namespace. */
export const NEVER_SPAWNED = [
  'promoted-from',
  'soak',
  'head-sign-off',
  'waves',
  'strategy',
  'allow',
] as const;

/** Whether a host is the one that is named, or below it. */
export function isHostWithin(host: string, end: string): boolean {
  return host === end || host.endsWith(`.${end}`);
}
