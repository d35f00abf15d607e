import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, relativePathSchema } from './common.ts';
import { parseStepFile } from './validate.ts';

/**
 * Compact, since it has a row for each key, item and scalar. `sources` are paths relative to the workspace. A row of an
 * object's `places` is `[pointer, source, line, column, endLine, endColumn]`, or with the rows of `related` that filled it
 * as a seventh member: indices into `related`.
 */
export const sourceMapSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/source-map.json',
  title: 'SourceMap',
  description: 'source-map.json: where every key, item and scalar of the rendered manifests came from.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'sources', 'related', 'objects'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'SourceMap' },
    sources: { type: 'array', items: relativePathSchema, description: 'The files that places count from 0.' },
    related: {
      type: 'array',
      description: 'Config entries: address, source, line, column.',
      items: { type: 'array', minItems: 4, maxItems: 4, items: { type: ['string', 'integer'] } },
    },
    objects: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['file', 'document', 'places'],
        properties: {
          file: relativePathSchema,
          document: { type: 'integer', minimum: 0 },
          places: {
            type: 'array',
            description:
              'Rows of pointer, source, line, column, endLine, endColumn and optionally the related entries.',
            items: { type: 'array', minItems: 6, maxItems: 7 },
          },
        },
      },
    },
  },
} as const;

type Schema = FromSchema<typeof sourceMapSchema>;
/** pointer, source, line, column, endLine, endColumn, related entries */
export type SourceMapPlace = readonly [string, number, number, number, number, number, (readonly number[])?];
/** address, source, line, column */
export type SourceMapRelated = readonly [string, number, number, number];
export type SourceMap = Omit<Schema, 'related' | 'objects'> & {
  readonly related: readonly SourceMapRelated[];
  readonly objects: readonly {
    readonly file: string;
    readonly document: number;
    readonly places: readonly SourceMapPlace[];
  }[];
};

export function parseSourceMap(text: string, name: string): SourceMap {
  return parseStepFile<SourceMap>(sourceMapSchema, text, name);
}
