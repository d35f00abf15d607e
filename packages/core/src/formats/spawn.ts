import type { FromSchema } from 'json-schema-to-ts';
import { parseDuration } from '../duration.ts';
import type { Problem } from '../errors.ts';
import { isJsonObject, type JsonValue, valueAt } from '../json.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';
import { MAX_SPAWNING_NAME_LENGTH } from '../spawn-key.ts';
import { durationSchema } from './common.ts';
import type { FormatErrorCode } from './validate.ts';

/** The word that stands for the key of an instance. */
export const SPAWN_WORD = '${spawn}';

const hostSchema = {
  type: 'string',
  pattern: '^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$',
  description: 'a DNS name such as preview.acme.io',
} as const;

/** Makes a formation one of which there is an instance for each pull request or branch. */
export const spawnSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['form', 'expires', 'at-most', 'hosts', 'registry'],
  description: 'Lets the formation have an instance for each pull request or branch, which ends with it.',
  properties: {
    form: {
      enum: ['shared'],
      description: 'Where instances are: shared, all of them in one namespace that exists.',
    },
    expires: {
      ...durationSchema,
      description:
        'a duration such as 48h, at most 168h: how long an instance stays after the last push of a person',
    },
    'at-most': {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description: 'How many instances there may be at the same time, 1 to 100.',
    },
    hosts: {
      type: 'array',
      minItems: 1,
      items: hostSchema,
      description: 'Every host that an instance asks for is one of these, or ends in one of them.',
    },
    url: {
      type: 'string',
      pattern: '^https://\\S+$',
      description:
        'an address that begins with https:// and contains ${spawn}: where people open an instance',
    },
    registry: {
      type: 'string',
      pattern: '^[a-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9._-]+)+$',
      description:
        'host/repository: where images of pull requests go, another one than spec.registry of slipway.yaml',
    },
    fence: {
      enum: ['none'],
      description:
        'none, with a fence-reason, lets instances into a namespace without quota, limits, egress policy and Pod Security.',
    },
    'fence-reason': {
      type: 'string',
      minLength: 1,
      description: 'Why the namespace of the instances has no fence.',
    },
  },
} as const;

export type SpawnBlock = FromSchema<typeof spawnSchema>;

/** How long an instance may stay after the last push of a person. */
export const LONGEST_HOURS = 168;

/** What an instance never has: no one waits for its waves, nothing is promoted to it, and it touches nothing outside of its namespace. */
export const NEVER_SPAWNED = [
  'promoted-from',
  'soak',
  'head-sign-off',
  'waves',
  'strategy',
  'allow',
] as const;

/** What is wrong with a formation that has a spawn block, beside its fields: one sentence each. */
export function spawnProblems(document: SourceDocument): Problem<FormatErrorCode>[] {
  const spec = valueAt(document.value, ['spec']);
  const spawn = isJsonObject(spec) ? spec['spawn'] : undefined;
  if (!isJsonObject(spec) || !isJsonObject(spawn)) return [];
  const found: Found[] = [
    ...nameProblems(valueAt(document.value, ['metadata', 'name'])),
    ...NEVER_SPAWNED.filter(field => Object.hasOwn(spec, field)).map(neverHas),
    ...expiryProblems(spawn['expires']),
    ...urlProblems(spawn['url'], spawn['hosts']),
    ...fenceProblems(spawn),
    ...apartProblems(spec),
  ];
  return found.map(({ path, ...problem }) => ({
    code: 'format-invalid',
    at:
      valueAt(document.value, path) === undefined
        ? document.keyPositionOf(['spec', 'spawn'])
        : document.positionOf(path),
    ...problem,
  }));
}

interface Found {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

function nameProblems(name: JsonValue | undefined): Found[] {
  if (typeof name !== 'string' || name.length <= MAX_SPAWNING_NAME_LENGTH) return [];
  return [
    {
      path: ['metadata', 'name'],
      message: `the name of a spawned formation has at most ${MAX_SPAWNING_NAME_LENGTH} characters, since each instance adds its key, and this one has ${name.length}`,
      remedy: 'shorten the name, and that of the file',
    },
  ];
}

function neverHas(field: string): Found {
  return {
    path: ['spec', field],
    message: `a spawned formation has no ${quote(field)}`,
    remedy: `remove ${field} or spawn; what extends would take over of it does not apply either`,
  };
}

function expiryProblems(expires: JsonValue | undefined): Found[] {
  const milliseconds = typeof expires === 'string' ? parseDuration(expires) : undefined;
  if (milliseconds === undefined) return [];
  if (milliseconds > 0 && milliseconds <= LONGEST_HOURS * 3_600_000) return [];
  return [
    {
      path: ['spec', 'spawn', 'expires'],
      message: `"spec.spawn.expires" is ${quote(String(expires))}, and an instance stays for more than 0s and at most ${LONGEST_HOURS}h`,
      remedy: 'write a duration such as 48h',
    },
  ];
}

function urlProblems(url: JsonValue | undefined, hosts: JsonValue | undefined): Found[] {
  if (typeof url !== 'string') return [];
  const path = ['spec', 'spawn', 'url'];
  if (!url.includes(SPAWN_WORD))
    return [
      {
        path,
        message: `"spec.spawn.url" does not contain ${SPAWN_WORD}, so all instances would have one address`,
        remedy: `write it such as https://pr-${SPAWN_WORD}.preview.acme.io`,
      },
    ];
  const host = hostOf(url.replaceAll(SPAWN_WORD, '1'));
  if (host !== undefined && Array.isArray(hosts) && hosts.some(end => isHostWithin(host, String(end))))
    return [];
  return [
    {
      path,
      message: '"spec.spawn.url" is not at one of "spec.spawn.hosts"',
      remedy: 'write an address whose host ends in one of them, or add the host',
    },
  ];
}

function fenceProblems(spawn: Readonly<Record<string, JsonValue>>): Found[] {
  const [none, why] = [spawn['fence'] === 'none', spawn['fence-reason'] !== undefined];
  if (none === why) return [];
  return [
    none
      ? {
          path: ['spec', 'spawn', 'fence'],
          message: '"spec.spawn.fence" is "none", and nothing says why',
          remedy: 'write fence-reason beside it, or give the namespace a fence and remove the field',
        }
      : {
          path: ['spec', 'spawn', 'fence-reason'],
          message: '"spec.spawn.fence-reason" says why there is no fence, and "fence" is not "none"',
          remedy: 'remove it, or write fence: none',
        },
  ];
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Whether a host is the one that is named, or below it. */
export function isHostWithin(host: string, end: string): boolean {
  return host === end || host.endsWith(`.${end}`);
}

/** In one namespace only a prefix and a label keep the objects of two instances apart. */
function apartProblems(spec: Readonly<Record<string, JsonValue>>): Found[] {
  const labels = isJsonObject(spec['labels']) ? Object.values(spec['labels']) : [];
  return [
    ...(hasWord(spec['name-prefix']) ? [] : [apart('name-prefix', `pr-${SPAWN_WORD}-`, 'names of objects')]),
    ...(labels.some(hasWord)
      ? []
      : [apart('labels', `{example.com/preview: "${SPAWN_WORD}"}`, 'pods that a Service selects')]),
  ];
}

function hasWord(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.includes(SPAWN_WORD);
}

function apart(field: string, example: string, what: string): Found {
  return {
    path: ['spec', field],
    message: `instances of the form "shared" are in one namespace, and "spec.${field}" without ${SPAWN_WORD} does not keep apart the ${what}`,
    remedy: `write ${field}: ${example}`,
  };
}
