import type { FromSchema } from 'json-schema-to-ts';
import { formatPointer, type JsonValue } from '../json.ts';
import { API_VERSION, relativePathSchema } from './common.ts';
import { parseStepFile } from './validate.ts';

/**
 * Compact, since it has a place for each key, item and scalar: which part of the object a place is of follows from its
 * index, in the order of `placePointers`. `sources` are paths relative to the workspace. docs/source-map.md describes it for
 * whoever reads it without Slipway; `source-map-places.ts` reads and writes `places`.
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
    revisions: {
      type: 'array',
      items: { type: 'string' },
      description:
        'For each source, the commit that has it as it was read, empty for a file of the checkout; absent if all are of the checkout.',
    },
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
            type: 'string',
            pattern: '^[A-Za-z0-9+/,]*$',
            description:
              'The places of the object, then of each key with its scalar and each item, depth first, the keys of a map sorted by code unit; separated by commas. A place is up to five numbers in base64 VLQ: line and column as differences to the place before (the first: to line 1, column 1), length in columns, further lines, difference of the source; zeros at the end are left out.',
          },
          filled: {
            type: 'array',
            description: 'Index of a place, then those of the config entries that filled it.',
            items: { type: 'array', minItems: 2, items: { type: 'integer', minimum: 0 } },
          },
        },
      },
    },
  },
} as const;

type Schema = FromSchema<typeof sourceMapSchema>;
/** address, source, line, column */
export type SourceMapRelated = readonly [string, number, number, number];
export type SourceMap = Omit<Schema, 'related'> & { readonly related: readonly SourceMapRelated[] };
export type SourceMapObject = SourceMap['objects'][number];

export function parseSourceMap(text: string, name: string): SourceMap {
  return parseStepFile<SourceMap>(sourceMapSchema, text, name);
}

/** Which part of an object each of its places is of: RFC 6901 pointers in the order of the places. */
export function placePointers(value: JsonValue, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  const steps = Array.isArray(value) ? value.keys() : Object.keys(value).sort();
  const below = [...steps].map(step =>
    placePointers(
      (value as Record<string | number, JsonValue>)[step] ?? null,
      pointer + formatPointer([step]),
    ),
  );
  return [pointer, ...below.flat()];
}
