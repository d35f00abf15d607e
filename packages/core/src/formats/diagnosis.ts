import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION } from './common.ts';

const checkSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['area', 'what', 'state'],
  properties: {
    area: { enum: ['machine', 'repository', 'cluster', 'github', 'workflows'] },
    what: { type: 'string', description: 'What was looked at, such as `Role hello/slipway-deployer`.' },
    state: {
      enum: ['fine', 'missing', 'advice', 'unknown'],
      description:
        '`unknown`: it could not be looked at, for the reason in `detail`; `advice`: it works without.',
    },
    detail: { type: 'string' },
    fix: { type: 'string', description: 'A command, or what to do where no command does it.' },
  },
} as const;

export const diagnosisSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/diagnosis.json',
  title: 'Diagnosis',
  description:
    '`slipway doctor --json`: what a release needs and whether it is there, as far as it can be seen from here.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'checks'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Diagnosis' },
    checks: { type: 'array', items: checkSchema },
  },
} as const;

/** What `slipway doctor` answers. */
export type Diagnosis = FromSchema<typeof diagnosisSchema>;
