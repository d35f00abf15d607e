import type { FromSchema } from 'json-schema-to-ts';
import { timeSchema } from './common.ts';

const recordedSecretSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['word'],
  properties: {
    word: { type: 'string', description: 'Without the prefix secret., such as database.password.' },
    from: {
      enum: ['env', 'sops', 'vault', 'aws', 'aws-ssm', 'gcp', 'azure', 'azure-certificate'],
      description: 'The store.',
    },
    address: { type: 'string', description: 'What is read there, as a line of the input secrets names it.' },
    read: { ...timeSchema, description: 'When it was read from the store.' },
    version: {
      type: 'string',
      description:
        'Which version the store had: the number or ID of Vault or a cloud, or a digest of the encrypted text of SOPS; absent where the store tells none.',
    },
    since: { ...timeSchema, description: 'Since when the store had that version.' },
    expires: { ...timeSchema, description: 'When the store takes it back, for one that it lends.' },
    onRollback: {
      const: 'current',
      description: 'A rollback reads it from its store again; absent for one that is kept.',
    },
    forgotten: { ...timeSchema, description: 'When its kept copy was removed from the cluster.' },
  },
} as const;

/** The secrets of a release: where each was read, and never what. */
export const recordedSecretsSchema = {
  type: 'array',
  items: recordedSecretSchema,
  description: 'The secrets by word, with the version that was read; never a value.',
} as const;

export type RecordedSecret = FromSchema<typeof recordedSecretSchema>;
