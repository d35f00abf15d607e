import { DEPLOYMENT_TAG_PATTERN, NAME_PATTERN } from '../names.ts';

export const API_VERSION = 'slipway.dev/v1';

/** Schema pieces that several formats share. */
export const nameSchema = {
  type: 'string',
  pattern: NAME_PATTERN,
  description: 'a DNS label of at most 40 characters (a-z, 0-9 and -)',
} as const;

export const deploymentTagSchema = {
  type: 'string',
  pattern: DEPLOYMENT_TAG_PATTERN,
  description: 'letters, digits, _, . and -, at most 45 characters',
} as const;

export const digestSchema = {
  type: 'string',
  pattern: '^sha256:[0-9a-f]{64}$',
  description: 'sha256: and 64 hexadecimal digits',
} as const;

export const durationSchema = {
  type: 'string',
  pattern: '^(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?$',
  minLength: 2,
  description: 'a duration such as 30s, 10m or 1h30m',
} as const;

export const namespaceSchema = {
  type: 'string',
  pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$',
  description: 'a namespace of Kubernetes (a DNS label of at most 63 characters)',
} as const;

export const relativePathSchema = {
  type: 'string',
  pattern: '^(?!/)(?!(?:.*/)?\\.\\.(?:/|$))[^\\\\\\u0000-\\u001f]+$',
  description: 'a relative path with forward slashes and without ..',
} as const;

export const timeSchema = { type: 'string', description: 'a time in UTC, RFC 3339' } as const;

export const objectReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'name'],
  description: 'One object of the cluster; without a namespace for cluster-scoped kinds.',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    namespace: { type: 'string' },
    name: { type: 'string' },
  },
} as const;
