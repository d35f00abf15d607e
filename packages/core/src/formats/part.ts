import type { FromSchema } from 'json-schema-to-ts';
import { COMMIT_PATTERN } from '../names.ts';
import { API_VERSION, digestSchema, nameSchema } from './common.ts';
import { parseStepFile } from './validate.ts';

/** The media type of a part as an OCI artifact. */
export const PART_ARTIFACT_TYPE = 'application/vnd.slipway.part.v1+json';

const imageSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['digest', 'milliseconds'],
  properties: {
    digest: {
      ...digestSchema,
      description: 'The manifest or index that was built, or the one that is used instead.',
    },
    inputs: {
      ...digestSchema,
      description:
        'A digest over all that decides about the image but its platform; absent where it is not known.',
    },
    from: {
      type: 'string',
      description: 'The deployment tag of the snapshot that has the image, if it was not built.',
    },
    milliseconds: { type: 'number', minimum: 0 },
  },
} as const;

const partSchema = {
  $id: 'https://slipway.dev/schemas/v1/part.json',
  title: 'Part',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'registry', 'part', 'run', 'attempt', 'id', 'platforms'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Part' },
    application: nameSchema,
    registry: { type: 'string', description: 'Where its images are: <registry>/<service>.' },
    part: nameSchema,
    run: {
      type: 'string',
      pattern: '^[0-9]{1,20}$',
      description: 'The run of the workflow, in all of its attempts.',
    },
    attempt: { type: 'string', pattern: '^[0-9]{1,10}$' },
    id: { type: 'string', description: 'Tells this job from another one that gives its part the same name.' },
    gitRevision: { type: 'string', pattern: COMMIT_PATTERN, description: 'a full Git object id' },
    platforms: {
      type: 'array',
      items: { type: 'string' },
      description: "What its images are for, as its input has it; empty for the builder's own.",
    },
    images: {
      type: 'object',
      propertyNames: nameSchema,
      additionalProperties: imageSchema,
      description: 'Absent as long as the part is being built, and where that failed.',
    },
    startsFrom: {
      type: 'object',
      propertyNames: nameSchema,
      additionalProperties: digestSchema,
      description: 'The images of services that it did not build and its images start from.',
    },
  },
} as const;

/** What one job of several built of an application, for the job that joins them. */
export type Part = FromSchema<typeof partSchema>;
export type PartImage = NonNullable<Part['images']>[string];

/** @throws SlipwayError `format-not-json`, `format-invalid`, `format-unknown-field` */
export function parsePart(text: string, name: string): Part {
  return parseStepFile<Part>(partSchema, text, name);
}
