import type { FromSchema } from 'json-schema-to-ts';
import { SlipwayError, throwIfAny } from '../errors.ts';
import { SNAPSHOTS_REPOSITORY } from '../names.ts';
import type { SourceDocument } from '../source-document.ts';
import { API_VERSION, nameSchema, relativePathSchema } from './common.ts';
import { dependencyProblems } from './dependencies.ts';
import { pathFromApplicationSchema } from './sources.ts';
import { checkFormat, type FormatErrorCode } from './validate.ts';

/** It may hold `..`, where another program has the folders beside it; who reads it keeps it in the workspace. */
const folderSchema = {
  type: 'string',
  pattern: '^(?!/)[^\\\\\\u0000-\\u001f]+$',
  description: 'a path relative to slipway.yaml with forward slashes, inside the workspace',
} as const;

const buildSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['context'],
  description: 'How the image is built, with BuildKit.',
  properties: {
    context: {
      ...folderSchema,
      description: `${folderSchema.description}: the folder that is sent to the builder`,
    },
    dockerfile: {
      ...relativePathSchema,
      description:
        'a path relative to the context without ..: the Dockerfile, by default the one with that name',
    },
    target: {
      type: 'string',
      minLength: 1,
      description: 'The stage of the Dockerfile that is built; the last by default.',
    },
    args: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: "Build arguments. They show in the image's history: never put a secret here.",
    },
    secrets: {
      type: 'array',
      items: { type: 'string', pattern: '^[A-Za-z0-9_.-]+$', description: 'letters, digits, _, . and -' },
      description:
        "Ids of the build secrets that the Dockerfile mounts; their values come from the step's build-secrets.",
    },
    ssh: {
      type: 'boolean',
      description: 'Whether the Dockerfile may use the SSH agent of the job (RUN --mount=type=ssh).',
    },
    contexts: {
      type: 'object',
      propertyNames: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9_.-]*$',
        description: 'a-z, 0-9, _, . and -',
      },
      additionalProperties: folderSchema,
      description:
        'Further folders by the name under which the Dockerfile takes files from them (COPY --from=<name>).',
    },
    labels: {
      type: 'object',
      propertyNames: {
        type: 'string',
        pattern: '^[a-z0-9](?:[a-z0-9._/-]*[a-z0-9])?$',
        description: 'a-z, 0-9, _, . / and -',
      },
      additionalProperties: { type: 'string' },
      description:
        'Labels of the image beside those that Slipway derives from the commit, such as org.opencontainers.image.licenses; those of OCI are annotations too.',
    },
    exports: {
      type: 'object',
      propertyNames: nameSchema,
      additionalProperties: { type: 'string', minLength: 1 },
      description:
        'Files that a build hands out, such as test reports or binaries: a stage of the Dockerfile, whose files are written to a folder of this name.',
    },
    'depends-on': {
      type: 'array',
      uniqueItems: true,
      items: nameSchema,
      description:
        'Services that are built before; the Dockerfile has the image of each under its name (FROM <service>, COPY --from=<service>).',
    },
  },
} as const;

const serviceSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description:
    'Either build (an image from a Dockerfile) or image (a ready-made one, retagged and never built).',
  properties: {
    build: buildSchema,
    image: {
      type: 'string',
      minLength: 1,
      description: 'A ready-made image: registry/repository:tag or @digest.',
    },
  },
} as const;

export const applicationSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/application.json',
  title: 'Application',
  description: 'slipway.yaml: the services that are built or retagged together.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Application' },
    metadata: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { name: nameSchema },
    },
    spec: {
      type: 'object',
      additionalProperties: false,
      required: ['registry', 'services'],
      properties: {
        registry: {
          type: 'string',
          pattern: '^[a-z0-9.-]+(?::\\d+)?(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+$',
          description: 'registry.example/repository in lower case; images go to <registry>/<service>',
        },
        services: {
          type: 'object',
          minProperties: 1,
          propertyNames: nameSchema,
          additionalProperties: serviceSchema,
        },
        paths: {
          type: 'array',
          uniqueItems: true,
          items: pathFromApplicationSchema,
          description:
            'Further folders with stencils, config and policies, also of a second checkout in the workspace, that several applications share.',
        },
      },
    },
  },
} as const;

export type Application = FromSchema<typeof applicationSchema>;
export type Service = Application['spec']['services'][string];
export type ServiceBuild = NonNullable<Service['build']>;

/** @throws SlipwayError with every problem of slipway.yaml */
export function parseApplication(document: SourceDocument): Application {
  const application = checkFormat<Application>(applicationSchema, document);
  if (Object.hasOwn(application.spec.services, SNAPSHOTS_REPOSITORY)) {
    throw new SlipwayError<FormatErrorCode>({
      code: 'format-invalid',
      at: document.keyPositionOf(['spec', 'services', SNAPSHOTS_REPOSITORY]),
      message: `"${SNAPSHOTS_REPOSITORY}" is the repository of the snapshots, so no service can have that name`,
      remedy: 'rename the service',
    });
  }
  throwIfAny<FormatErrorCode>(dependencyProblems(application.spec.services, document));
  return application;
}
