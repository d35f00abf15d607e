import type { FromSchema } from 'json-schema-to-ts';
import { SlipwayError } from '../errors.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';
import { API_VERSION, nameSchema } from './common.ts';
import { checkFormat, type FormatErrorCode } from './validate.ts';

export const waiverSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/waiver.json',
  title: 'Waiver',
  description: 'policies/*.yaml: exempts one object from one rule, for a reason and until a day.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Waiver' },
    metadata: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { name: { type: 'string', minLength: 1 } },
    },
    spec: {
      type: 'object',
      additionalProperties: false,
      required: ['rule', 'object', 'reason', 'owner', 'until'],
      properties: {
        rule: {
          type: 'string',
          pattern: '^[^*?]+$',
          description: 'exactly one rule, such as workloads/read-only-root, without wildcards',
        },
        object: {
          type: 'object',
          additionalProperties: false,
          required: ['kind', 'name'],
          description: 'The one object that is exempt from the rule.',
          properties: {
            kind: { type: 'string', minLength: 1 },
            name: { type: 'string', pattern: '^[^*?]+$', description: 'one name, without wildcards' },
          },
        },
        pointer: {
          type: 'string',
          pattern: '^/',
          description:
            'RFC 6901: only findings at or below this pointer of the object, such as /spec/template/spec/containers/0',
        },
        formation: { ...nameSchema, description: 'Only in this formation.' },
        destination: { ...nameSchema, description: 'Only in destinations of this name.' },
        reason: {
          type: 'string',
          minLength: 10,
          description: 'a sentence that convinces a later reader',
        },
        owner: { type: 'string', minLength: 1, description: 'Who is responsible for it.' },
        until: {
          type: 'string',
          pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$',
          description: 'a day such as 2026-12-31; the waiver applies until its end in UTC',
        },
      },
    },
  },
} as const;

export type Waiver = FromSchema<typeof waiverSchema>;

/** @throws SlipwayError with every problem of the document, a day that no calendar has among them */
export function parseWaiver(document: SourceDocument): Waiver {
  const waiver = checkFormat<Waiver>(waiverSchema, document);
  const { until } = waiver.spec;
  if (new Date(`${until}T00:00:00Z`).toISOString().slice(0, 10) === until) return waiver;
  throw new SlipwayError<FormatErrorCode>({
    code: 'format-invalid',
    at: document.positionOf(['spec', 'until']),
    message: `"spec.until" is ${quote(until)}, a day that no calendar has`,
    remedy: 'write the last day on which the waiver holds',
  });
}
