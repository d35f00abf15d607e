import { isJsonObject, type JsonValue, valueAt } from '@slipway/core';
import type { ListKey } from './list-items.ts';

/**
 * The field by which Kubernetes identifies the items of a list: `x-kubernetes-patch-merge-key` in the description of its API. Lists that
 * are not here are replaced as a whole, as in a strategic merge.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.0/api/openapi-spec/swagger.json
 */
const NAME_KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    containers: 'name',
    initContainers: 'name',
    ephemeralContainers: 'name',
    env: 'name',
    volumes: 'name',
    volumeMounts: 'mountPath',
    volumeDevices: 'devicePath',
    imagePullSecrets: 'name',
    hostAliases: 'ip',
    resourceClaims: 'name',
    schedulingGates: 'name',
    matchConditions: 'name',
    variables: 'name',
    ownerReferences: 'uid',
    webhooks: 'name',
    conditions: 'type',
    'x-kubernetes-validations': 'rule',
  }),
);

const PROTOCOL: ListKey = { name: 'protocol', default: 'TCP' };

/**
 * Lists whose name is ambiguous, such as `ports` of a Service and of a container, and lists with several keys. Those are all of
 * `x-kubernetes-list-map-keys`: by the merge key alone, as kubectl merges, a port's UDP half would replace its TCP half.
 */
const BY_KIND_AND_PATH: readonly (readonly [
  kind: RegExp,
  path: RegExp,
  keys: readonly ListKey[] | undefined,
])[] = [
  [/^Service$/, /^spec\/ports$/, [{ name: 'port' }, PROTOCOL]],
  [/^ServiceAccount$/, /^secrets$/, [{ name: 'name' }]],
  [/^ServiceAccount$/, /^imagePullSecrets$/, undefined],
  [/^MutatingAdmissionPolicy$/, /^spec\/variables$/, undefined],
  [/^CSINode$/, /^spec\/drivers$/, [{ name: 'name' }]],
  [
    /./,
    /(?:^|\/)(?:containers|initContainers|ephemeralContainers)\/ports$/,
    [{ name: 'containerPort' }, PROTOCOL],
  ],
  [/./, /(?:^|\/)topologySpreadConstraints$/, [{ name: 'topologyKey' }, { name: 'whenUnsatisfiable' }]],
];

/**
 * @param path the keys that lead to the list, without indices
 * @returns undefined for a list that a patch replaces
 */
export function builtInListKeys(kind: string, path: readonly string[]): readonly ListKey[] | undefined {
  const text = path.join('/');
  const special = BY_KIND_AND_PATH.find(([kinds, paths]) => kinds.test(kind) && paths.test(text));
  if (special !== undefined) return special[2];
  const name = NAME_KEYS.get(path.at(-1) ?? '');
  return name === undefined ? undefined : [{ name }];
}

/**
 * The list keys of a custom resource, from its definition.
 * @param schema the `openAPIV3Schema` of its version
 */
export function definedListKeys(schema: JsonValue, path: readonly string[]): readonly ListKey[] | undefined {
  const list = path.reduce<JsonValue | undefined>(
    (current, key) => (current === undefined ? undefined : schemaOf(current, key)),
    schema,
  );
  if (!isJsonObject(list) || list['x-kubernetes-list-type'] !== 'map') return undefined;
  const keys = list['x-kubernetes-list-map-keys'];
  if (!Array.isArray(keys)) return undefined;
  return keys.filter(key => typeof key === 'string').map(name => definedKey(list, name));
}

function definedKey(list: JsonValue, name: string): ListKey {
  const preset = valueAt(list, ['items', 'properties', name, 'default']);
  return typeof preset === 'string' || typeof preset === 'number' || typeof preset === 'boolean'
    ? { name, default: preset }
    : { name };
}

/** The schema of the value at a key; lists are skipped, since paths have no indices. */
function schemaOf(schema: JsonValue, key: string): JsonValue | undefined {
  const object = valueAt(schema, ['items']) ?? schema;
  return valueAt(object, ['properties', key]) ?? valueAt(object, ['additionalProperties']);
}
