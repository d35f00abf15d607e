import { isJsonObject, type JsonValue } from '../json.ts';
import { quote } from '../quote.ts';
import { SPAWN_WORD } from './spawn.ts';

/** A problem of a spawned formation, at a field of its file. */
export interface Found {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** What only an instance with a namespace of its own has. */
const OF_CREATE = ['tenant', 'quota', 'defaults', 'network'] as const;

/** What is wrong with a formation whose instances share a namespace. */
export function sharedProblems(
  spec: Readonly<Record<string, JsonValue>>,
  spawn: Readonly<Record<string, JsonValue>>,
): Found[] {
  return [
    ...apartProblems(spec),
    ...OF_CREATE.filter(field => spawn[field] !== undefined).map(field => ({
      path: ['spec', 'spawn', field],
      message: `"spec.spawn.${field}" is of the form "create", and this formation has "shared"`,
      remedy: 'remove it, or write form: create',
    })),
    ...namespacesOf(spec)
      .filter(({ namespace }) => hasWord(namespace))
      .map(({ path }) => ({
        path,
        message: `the namespace contains ${SPAWN_WORD}, and instances of the form "shared" are in one that exists`,
        remedy: 'write form: create, or the name of that namespace',
      })),
  ];
}

/** A namespace of its own keeps an instance apart, and nothing else has to. */
export function createProblems(
  spec: Readonly<Record<string, JsonValue>>,
  spawn: Readonly<Record<string, JsonValue>>,
): Found[] {
  const needless: Found[] = ['fence', 'fence-reason']
    .filter(field => spawn[field] !== undefined)
    .map(field => ({
      path: ['spec', 'spawn', field],
      message: `"spec.spawn.${field}" is of the form "shared", and an instance of the form "create" always has its fence`,
      remedy: 'remove it',
    }));
  return [
    ...needless,
    ...(spec['name-prefix'] !== undefined
      ? [
          {
            path: ['spec', 'name-prefix'],
            message:
              'instances of the form "create" have namespaces of their own, and "spec.name-prefix" would only make names longer',
            remedy: 'remove name-prefix',
          },
        ]
      : []),
    ...(typeof spawn['tenant'] === 'string'
      ? []
      : [
          {
            path: ['spec', 'spawn', 'tenant'],
            message:
              '"spec.spawn.tenant" is missing: with form "create" the namespace of an instance is given to that login',
            remedy:
              'write the user name of the login that deploys instances, such as system:serviceaccount:slipway-rooms:tenant',
          },
        ]),
    ...namespacesOf(spec)
      .filter(({ namespace }) => !hasWord(namespace))
      .map(({ path, namespace }) => ({
        path,
        message: `with form "create" each instance has a namespace of its own, and ${quote(String(namespace))} does not contain ${SPAWN_WORD}`,
        remedy: `write namespace: ${quote(`shop-pr-${SPAWN_WORD}`)}`,
      })),
  ];
}

function namespacesOf(
  spec: Readonly<Record<string, JsonValue>>,
): { readonly path: string[]; readonly namespace: JsonValue | undefined }[] {
  const destinations = isJsonObject(spec['destinations']) ? Object.entries(spec['destinations']) : [];
  return destinations.map(([name, destination]) => ({
    path: ['spec', 'destinations', name, 'namespace'],
    namespace: isJsonObject(destination) ? destination['namespace'] : undefined,
  }));
}

/** The namespaces of a formation that is not spawned itself, in which the word would stay as it is. */
export function wordProblems(spec: Readonly<Record<string, JsonValue>>): Found[] {
  return namespacesOf(spec)
    .filter(({ namespace }) => hasWord(namespace))
    .map(({ path }) => ({
      path,
      message: `the namespace contains ${SPAWN_WORD}, and the formation has no spawn block`,
      remedy: 'add spec.spawn with form: create, or write the name of a namespace',
    }));
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
