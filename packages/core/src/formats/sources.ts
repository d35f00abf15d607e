import type { FromSchema } from 'json-schema-to-ts';
import { nameSchema } from './common.ts';

/** Unlike other paths it may hold `..`, for a second checkout; who reads it keeps it in the workspace. */
export const pathFromApplicationSchema = {
  type: 'string',
  pattern: '^(?!/)[^\\\\:?\\u0000-\\u001f]+$',
  description: 'a path relative to slipway.yaml with forward slashes, inside the workspace',
} as const;

const helmSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'The output of `helm template` for a chart; the chart and everything that it depends on must be in the workspace.',
  properties: {
    chart: {
      ...pathFromApplicationSchema,
      description:
        'a path relative to slipway.yaml, inside the workspace: the folder of the chart or its .tgz; taken over from the formation that is extended if it is left out',
    },
    release: {
      type: 'string',
      minLength: 1,
      maxLength: 53,
      description:
        "The release's name in templates, by default the name of the source; placeholders are filled.",
    },
    'values-files': {
      type: 'array',
      items: pathFromApplicationSchema,
      description:
        'Files of values, relative to slipway.yaml; later ones win, and `values` wins over all of them.',
    },
    values: {
      type: 'object',
      description: 'Values; placeholders are filled. A secret may end up only in a Secret.',
    },
    'api-versions': {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description:
        'What .Capabilities.APIVersions has beside what comes with Kubernetes, such as monitoring.coreos.com/v1.',
    },
  },
} as const;

const kustomizeSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'The output of `kubectl kustomize` for a folder; everything that it refers to must be in the workspace.',
  properties: {
    directory: {
      ...pathFromApplicationSchema,
      description:
        'a path relative to slipway.yaml, inside the workspace: the folder of a kustomization.yaml; taken over from the formation that is extended if it is left out',
    },
    placeholders: {
      enum: ['keep', 'fill'],
      description:
        'keep: `${…}` is text like any other. fill: it is a placeholder, as in a stencil. By default keep.',
    },
  },
} as const;

const manifestsSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Manifests as kubectl apply takes them, in folders that other tools use too.',
  properties: {
    paths: {
      type: 'array',
      minItems: 1,
      items: pathFromApplicationSchema,
      description:
        'paths relative to slipway.yaml, inside the workspace: folders with manifests, or single files; taken over from the formation that is extended if they are left out',
    },
    exclude: {
      type: 'array',
      items: pathFromApplicationSchema,
      description: 'Files and folders among them that are not manifests, relative to slipway.yaml.',
    },
    placeholders: kustomizeSchema.properties.placeholders,
  },
} as const;

/** Manifests that are not stencils, by a name of one's own. */
export const sourcesSchema = {
  type: 'object',
  propertyNames: nameSchema,
  description:
    'Manifests from a Helm chart, a Kustomize directory or folders of plain manifests, beside the stencils; by a name for each.',
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    properties: { helm: helmSchema, kustomize: kustomizeSchema, manifests: manifestsSchema },
  },
} as const;

export type ManifestSources = FromSchema<typeof sourcesSchema>;
export type HelmSource = FromSchema<typeof helmSchema>;
export type KustomizeSource = FromSchema<typeof kustomizeSchema>;
export type PlainSource = FromSchema<typeof manifestsSchema>;
