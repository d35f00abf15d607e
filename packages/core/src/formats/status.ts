import type { FromSchema } from 'json-schema-to-ts';
import { alikeSchema } from './alike.ts';
import { API_VERSION, objectReferenceSchema, timeSchema } from './common.ts';
import { setSchema, sharedRevisionsSchema } from './config-origin.ts';
import { embeddedHoldSchema } from './hold.ts';
import { openReleaseSchema } from './open-release.ts';
import { instancesSchema } from './status-instances.ts';
import { parseStepFile } from './validate.ts';
import { VERDICTS } from './verdict.ts';

const sentencesSchema = { type: 'array', items: { type: 'string' } } as const;

const liveSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['release', 'source'],
  description: 'The newest release, which is what the destination runs, whatever its verdict is.',
  properties: {
    source: {
      enum: ['note', 'record', 'registry'],
      description:
        "The note on a Lease; the record, with the right to read Secrets; or the registry's newest verdict, where the cluster does not answer.",
    },
    release: { type: 'integer', minimum: 1 },
    deploymentTag: { type: 'string' },
    commit: { type: 'string', description: 'The commit that the images were built from.' },
    configCommit: { type: 'string', description: 'The commit of stencils, values and rules.' },
    beside: {
      type: 'object',
      additionalProperties: false,
      required: ['set', 'sharedRevisions'],
      description: 'What the release was rendered with besides that commit; absent if that is not noted.',
      properties: { set: setSchema, sharedRevisions: sharedRevisionsSchema },
    },
    since: timeSchema,
    by: { type: 'string' },
    why: { type: 'string' },
    run: { type: 'string', description: 'The address of the run that deployed it.' },
    verdict: { enum: VERDICTS, description: 'Absent while the release is open.' },
    verified: { ...timeSchema, description: 'When it got its verdict.' },
    rollbackOf: { type: 'integer', description: 'The release that this one undoes.' },
    restores: { type: 'integer', description: 'The release whose content this one applies again.' },
  },
} as const;

const lockSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['by'],
  description: 'Who works on the destination now: a run that deploys, rolls back or removes.',
  properties: {
    by: { type: 'string', description: 'The address of the run, or slipway outside of CI.' },
    since: timeSchema,
    renewed: { ...timeSchema, description: 'When the run last showed that it still works, by its clock.' },
    isStale: {
      type: 'boolean',
      description:
        'The run ended without releasing the lock, and the next one takes it over; absent if that is not known.',
    },
  },
} as const;

const healthSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['ready', 'total', 'objects'],
  description: 'The health of the objects of the live release now, by the rules of verify-rollout.',
  properties: {
    ready: { type: 'integer', minimum: 0 },
    total: { type: 'integer', minimum: 0, description: 'The objects of kinds that have a health.' },
    objects: {
      type: 'array',
      description: 'The objects that are not ready.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['object', 'status', 'message'],
        properties: {
          object: objectReferenceSchema,
          status: { enum: ['failed', 'in-progress', 'already-failing', 'unknown'] },
          message: { type: 'string' },
        },
      },
    },
  },
} as const;

const driftSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['compared', 'objects'],
  description: 'What others have changed since the live release applied it. Values are never shown.',
  properties: {
    compared: { type: 'integer', minimum: 0, description: 'How many objects were compared.' },
    objects: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['object', 'change', 'fields', 'by'],
        properties: {
          object: objectReferenceSchema,
          change: { enum: ['changed', 'removed'] },
          fields: { ...sentencesSchema, description: 'RFC 6901 pointers.' },
          by: {
            ...sentencesSchema,
            description: 'The managers that own the fields now, such as kubectl-edit.',
          },
        },
      },
    },
  },
} as const;

const commitsSchema = {
  count: { type: 'integer', minimum: 0, description: 'Commits between; absent if that is not known.' },
  isMore: { type: 'boolean', description: 'There are more commits than were counted.' },
  commits: {
    type: 'array',
    description: 'The newest first.',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['sha', 'title'],
      properties: { sha: { type: 'string' }, title: { type: 'string' } },
    },
  },
  pulls: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['number', 'title'],
      properties: { number: { type: 'integer' }, title: { type: 'string' } },
    },
  },
} as const;

const configBehindSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['commit', 'isBehind'],
  description: 'The same for stencils, values and rules, which are promoted with the images.',
  properties: {
    commit: { type: 'string', description: 'The commit with which the snapshot succeeded there.' },
    isBehind: { type: 'boolean' },
    ...commitsSchema,
  },
} as const;

const behindSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['formation', 'isBehind'],
  description: 'How far the destination is behind the formation that it is promoted from.',
  properties: {
    formation: { type: 'string' },
    isBehind: { type: 'boolean', description: 'In its images, its configuration or both.' },
    deploymentTag: { type: 'string', description: 'What succeeded there.' },
    commit: { type: 'string' },
    ...commitsSchema,
    config: configBehindSchema,
  },
} as const;

const STATES = ['fine', 'waiting', 'attention', 'unknown'] as const;

const destinationSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['formation', 'destination', 'namespace', 'state', 'attention', 'waiting', 'unknown', 'limits'],
  properties: {
    formation: { type: 'string' },
    destination: { type: 'string' },
    namespace: { type: 'string' },
    environment: { type: 'string', description: "GitHub's environment, if the formation names one." },
    state: {
      enum: STATES,
      description:
        'unknown: something could not be found out, which is never fine; attention: something is wrong; waiting: something waits for a person, or a run is at work.',
    },
    attention: { ...sentencesSchema, description: 'What is wrong, one sentence each.' },
    waiting: { ...sentencesSchema, description: 'What waits for a person.' },
    unknown: { ...sentencesSchema, description: 'What could not be found out, and why.' },
    limits: { ...sentencesSchema, description: 'What these credentials are not meant to see.' },
    live: liveSchema,
    open: openReleaseSchema,
    kept: { type: 'integer', description: 'Kept releases, with the right to read Secrets.' },
    hold: embeddedHoldSchema,
    lock: lockSchema,
    health: healthSchema,
    drift: driftSchema,
    behind: behindSchema,
  },
} as const;

export const statusSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/status.json',
  title: 'Status',
  description: 'status.json: what an application runs at each of its destinations.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'at', 'state', 'destinations'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Status' },
    application: { type: 'string' },
    repository: { type: 'string', description: 'Its address, such as https://github.com/acme/shop.' },
    run: { type: 'string', description: 'The address of the run that looked.' },
    at: { ...timeSchema, description: 'When this was seen.' },
    state: { enum: STATES, description: 'The worst one of the destinations.' },
    destinations: { type: 'array', items: destinationSchema },
    alike: { type: 'array', items: alikeSchema },
    instances: {
      type: 'array',
      items: instancesSchema,
      description:
        'The instances of spawned formations. They count in the state only where nothing else was asked for.',
    },
  },
} as const;

/** What an application runs, and where. */
export type ApplicationStatus = FromSchema<typeof statusSchema>;
/** Which destinations of a formation run the same. */
export type Alike = NonNullable<ApplicationStatus['alike']>[number];
/** The instances of a spawned formation at a destination. */
export type InstancesStatus = NonNullable<ApplicationStatus['instances']>[number];
export type InstanceStatus = NonNullable<InstancesStatus['instances']>[number];
export type DestinationStatus = ApplicationStatus['destinations'][number];
export type LiveRelease = NonNullable<DestinationStatus['live']>;
export type Behind = NonNullable<DestinationStatus['behind']>;
export type ConfigBehind = NonNullable<Behind['config']>;
export type LockSeen = NonNullable<DestinationStatus['lock']>;
export type DriftedObject = NonNullable<DestinationStatus['drift']>['objects'][number];
export type StatusState = (typeof STATES)[number];

export function parseStatus(text: string, name: string): ApplicationStatus {
  return parseStepFile<ApplicationStatus>(statusSchema, text, name);
}

/** The worst state of several; without any nothing was looked at, and nothing is known. */
export function worstState(states: readonly StatusState[]): StatusState {
  return STATES.findLast(state => states.includes(state)) ?? 'unknown';
}

/** The configuration that a destination lacks, unless its images lack the same commits; undefined if it lacks none. */
export function ownConfigBehind({ commit, count, config }: Behind): ConfigBehind | undefined {
  if (config?.isBehind !== true) return undefined;
  return config.commit === commit && config.count === count ? undefined : config;
}
