import { isJsonObject, type JsonValue, valueAt } from '@slipway/core';

/**
 * The field by which Kubernetes identifies the items of a list in a strategic merge: `x-kubernetes-patch-merge-key` in the description of
 * its API. Lists that are not here are replaced as a whole.
 * https://github.com/kubernetes/kubernetes/blob/v1.34.0/api/openapi-spec/swagger.json
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
    topologySpreadConstraints: 'topologyKey',
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

/** Lists whose name is ambiguous: `ports` of a Service and of a container have different keys. */
const BY_KIND_AND_PATH: readonly (readonly [kind: RegExp, path: RegExp, key: string | undefined])[] = [
  [/^Service$/, /^spec\/ports$/, 'port'],
  [/^ServiceAccount$/, /^secrets$/, 'name'],
  [/^ServiceAccount$/, /^imagePullSecrets$/, undefined],
  [/^MutatingAdmissionPolicy$/, /^spec\/variables$/, undefined],
  [/^CSINode$/, /^spec\/drivers$/, 'name'],
  [/./, /(?:^|\/)(?:containers|initContainers|ephemeralContainers)\/ports$/, 'containerPort'],
];

/**
 * @param path the keys that lead to the list, without indices
 * @returns undefined for a list that a patch replaces
 */
export function builtInListKeys(kind: string, path: readonly string[]): readonly string[] | undefined {
  const text = path.join('/');
  const special = BY_KIND_AND_PATH.find(([kinds, paths]) => kinds.test(kind) && paths.test(text));
  const name = path.at(-1) ?? '';
  const key = special === undefined ? NAME_KEYS.get(name) : special[2];
  return key === undefined ? undefined : [key];
}

/**
 * The list keys of a custom resource, from its definition.
 * @param schema the `openAPIV3Schema` of its version
 */
export function definedListKeys(schema: JsonValue, path: readonly string[]): readonly string[] | undefined {
  const list = path.reduce<JsonValue | undefined>(
    (current, key) => (current === undefined ? undefined : schemaOf(current, key)),
    schema,
  );
  if (!isJsonObject(list) || list['x-kubernetes-list-type'] !== 'map') return undefined;
  const keys = list['x-kubernetes-list-map-keys'];
  return Array.isArray(keys) ? keys.filter(key => typeof key === 'string') : undefined;
}

/** The schema of the value at a key; lists are skipped, since paths have no indices. */
function schemaOf(schema: JsonValue, key: string): JsonValue | undefined {
  const object = valueAt(schema, ['items']) ?? schema;
  return valueAt(object, ['properties', key]) ?? valueAt(object, ['additionalProperties']);
}
