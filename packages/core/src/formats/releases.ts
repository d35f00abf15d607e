import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, nameSchema, namespaceSchema, timeSchema } from './common.ts';
import { embeddedHoldSchema } from './hold.ts';
import { openReleaseSchema } from './open-release.ts';
import { VERDICTS } from './verdict.ts';

const keptReleaseSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['release', 'created'],
  properties: {
    release: { type: 'integer', minimum: 1 },
    created: timeSchema,
    verdict: { enum: VERDICTS, description: 'Absent while the release is open.' },
    deploymentTag: { type: 'string' },
    unreadable: { type: 'string', description: 'Why its record cannot be read; absent if it can.' },
  },
} as const;

const destinationReleasesSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['formation', 'namespace'],
  properties: {
    formation: nameSchema,
    destination: { ...nameSchema, description: 'Absent for plain manifests without one.' },
    namespace: namespaceSchema,
    releases: {
      type: 'array',
      description:
        'Those that are kept, the newest first, which is what the destination runs. Absent if they are not known.',
      items: keptReleaseSchema,
    },
    open: openReleaseSchema,
    unknown: {
      type: 'array',
      items: { type: 'string' },
      description: 'Why its releases are not known; absent if they are.',
    },
    hold: { ...embeddedHoldSchema, description: 'Who keeps it as it is now; absent if no one is known to.' },
    holdUnknown: {
      type: 'array',
      items: { type: 'string' },
      description: 'Why it is not known whether someone holds it.',
    },
  },
} as const;

export const releasesSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/releases.json',
  title: 'Releases',
  description: '`slipway releases --json`: the releases that each destination keeps, and who holds it.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'destinations'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Releases' },
    application: nameSchema,
    destinations: { type: 'array', items: destinationReleasesSchema },
  },
} as const;

/** What `slipway releases` answers. */
export type Releases = FromSchema<typeof releasesSchema>;
