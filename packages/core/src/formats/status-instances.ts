import { timeSchema } from './common.ts';
import { VERDICTS } from './verdict.ts';

const sentencesSchema = { type: 'array', items: { type: 'string' } } as const;

const instanceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['instance', 'key', 'repository', 'created', 'expires'],
  properties: {
    instance: { type: 'string', description: 'Its name, such as preview-1234.' },
    key: { type: 'string' },
    pull: { type: 'integer', description: 'The number of its pull request; absent for a branch.' },
    repository: { type: 'string', description: 'owner/name of the repository that it belongs to.' },
    created: timeSchema,
    expires: timeSchema,
    isEnding: { const: true, description: 'A run has begun to remove it.' },
    url: { type: 'string', description: 'Where people open it.' },
    live: {
      type: 'object',
      additionalProperties: false,
      required: ['release'],
      description: 'Its newest release by the note on a Lease; absent if there is none yet.',
      properties: {
        release: { type: 'integer', minimum: 1 },
        deploymentTag: { type: 'string' },
        since: timeSchema,
        verdict: { enum: VERDICTS, description: 'Absent while the release is open.' },
      },
    },
    unknown: { ...sentencesSchema, description: 'Why its release is not known.' },
  },
} as const;

/** The instances of a spawned formation at a destination. */
export const instancesSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['formation', 'destination', 'namespace', 'atMost'],
  description: 'The instances of a spawned formation at a destination, or why they are not known.',
  properties: {
    formation: { type: 'string' },
    destination: { type: 'string' },
    namespace: { type: 'string' },
    atMost: { type: 'integer', description: 'How many there may be at the same time, by the checkout.' },
    instances: {
      type: 'array',
      items: instanceSchema,
      description: 'The oldest first; absent if they are not known.',
    },
    broken: { ...sentencesSchema, description: 'Leases that do not say for whom they keep room.' },
    unknown: { ...sentencesSchema, description: 'Why the instances are not known.' },
  },
} as const;
