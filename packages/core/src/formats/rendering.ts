import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, digestSchema, nameSchema, namespaceSchema } from './common.ts';

const renderedTargetSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['formation', 'destination', 'namespace', 'objects', 'digest'],
  properties: {
    formation: nameSchema,
    destination: nameSchema,
    namespace: namespaceSchema,
    objects: { type: 'integer', minimum: 0, description: 'How many objects it has.' },
    digest: digestSchema,
  },
} as const;

export const renderingSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/rendering.json',
  title: 'Rendering',
  description: '`slipway render --json`: what was rendered, and the digests by which deploy recognises it.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'digest', 'destinations'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Rendering' },
    application: nameSchema,
    folder: {
      type: 'string',
      description: 'The absolute path of the rendered tree; absent if it was not kept.',
    },
    digest: {
      ...digestSchema,
      description:
        'Over all destinations, as the output `digest` of render-stencil; that of a single one is its own.',
    },
    configRevision: {
      type: 'string',
      description:
        'The commit that is checked out; absent outside of a checkout, and where files that are read are not those of the commit.',
    },
    destinations: { type: 'array', items: renderedTargetSchema },
  },
} as const;

/** What `slipway render` answers. */
export type Rendering = FromSchema<typeof renderingSchema>;
