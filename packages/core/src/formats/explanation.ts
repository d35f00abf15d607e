import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, nameSchema, objectReferenceSchema } from './common.ts';
import { positionSchema } from './report.ts';

const explainedPartSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['formation', 'destination', 'object', 'pointer', 'at', 'filledBy'],
  properties: {
    formation: nameSchema,
    destination: nameSchema,
    object: objectReferenceSchema,
    pointer: { type: 'string', description: 'RFC 6901, within the object.' },
    value: {
      description: 'The value there, if it is a text, a number or a boolean; never that of a Secret.',
    },
    at: {
      ...positionSchema,
      description: 'Where it was written: in a stencil, a patch, a formation or a source.',
    },
    filledBy: {
      type: 'array',
      description: 'The entries of the config that filled it.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['address', 'at'],
        properties: { address: { type: 'string' }, at: positionSchema },
      },
    },
  },
} as const;

export const explanationSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/explanation.json',
  title: 'Explanation',
  description:
    '`slipway explain --json`: the parts of objects that a line of a stencil, patch or config decides, or what decided a line of the result.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'line', 'parts'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Explanation' },
    line: { type: 'string', description: 'The line that was asked for, such as stencils/api.yaml:12.' },
    parts: { type: 'array', items: explainedPartSchema },
  },
} as const;

/** What `slipway explain` answers. */
export type Explanation = FromSchema<typeof explanationSchema>;
export type ExplanationPart = Explanation['parts'][number];
