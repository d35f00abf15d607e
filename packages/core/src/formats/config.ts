import type { FromSchema } from 'json-schema-to-ts';
import type { JsonValue } from '../json.ts';
import type { SourceDocument } from '../source-document.ts';
import { API_VERSION } from './common.ts';
import { checkFormat } from './validate.ts';

const encodingSchema = {
  enum: ['url', 'json', 'base64'],
  description: 'How the secret is encoded where it lands.',
} as const;

/** Where a secret's value lives. Each store that `deploy` can open is one branch. */
export const secretReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'name'],
  description: 'Where the value of the secret lives; the value itself never stands here.',
  properties: {
    from: { const: 'env', description: "env: the environment of deploy's step" },
    name: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description: 'the name of an environment variable',
    },
    as: encodingSchema,
  },
} as const;

export const configSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/config.json',
  title: 'Config',
  description: 'config/*.yaml: values and references to secrets, by address.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'spec'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Config' },
    metadata: { type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } },
    spec: {
      type: 'object',
      additionalProperties: false,
      properties: {
        values: {
          type: 'object',
          description: 'Values by address: <destination>.<formation>.<word>…, any segment may be *.',
        },
        secrets: {
          type: 'object',
          description: 'References to secrets by address.',
          additionalProperties: secretReferenceSchema,
        },
      },
    },
  },
} as const;

export type SecretReference = FromSchema<typeof secretReferenceSchema>;
export type SecretEncoding = NonNullable<SecretReference['as']>;

export interface Config {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Config';
  readonly spec: {
    readonly values?: Readonly<Record<string, JsonValue>>;
    readonly secrets?: Readonly<Record<string, SecretReference>>;
  };
}

/** @throws SlipwayError with every problem of the file's fields; addresses are checked where formations are known */
export function parseConfig(document: SourceDocument): Config {
  return checkFormat<Config>(configSchema, document);
}
