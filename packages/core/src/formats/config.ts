import type { JsonValue } from '../json.ts';
import type { SourceDocument } from '../source-document.ts';
import { API_VERSION } from './common.ts';
import { type SecretReference, secretReferenceSchema } from './secret-references.ts';
import { checkFormat } from './validate.ts';

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
