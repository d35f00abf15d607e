import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject, type JsonValue, valueAt } from '@slipway/core';
import { asServerWrites, builtInListType, isAtomicMap, type Kind } from '@slipway/kubernetes';
import { builtInKinds } from '@slipway/policy';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';

interface Value {
  readonly path: readonly (string | number)[];
  readonly schema: JsonObject;
  /** The name of the type, if it has one. */
  readonly type: string;
  /** Whether it is part of a value that is merged as one. */
  readonly isInside: boolean;
}

/** Every value below a schema, status aside; recursive types once. */
function* walk(
  given: JsonValue | undefined,
  schemas: JsonObject,
  path: Value['path'],
  seen: readonly string[],
  isInside: boolean,
): Generator<Value> {
  if (!isJsonObject(given) || path.at(-1) === 'status' || path.at(-1) === 'managedFields') return;
  const type = referenceOf(given) ?? '';
  if (seen.includes(type)) return;
  const target = type === '' ? {} : schemas[type];
  // What a field says of its list or map counts before what the type says.
  const schema: JsonObject = { ...(isJsonObject(target) ? target : {}), ...given };
  yield { path, schema, type, isInside };
  const below = isInside || mergedAs(schema) === 'atomic';
  const known = type === '' ? seen : [...seen, type];
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  for (const [name, property] of Object.entries(properties))
    yield* walk(property, schemas, [...path, name], known, below);
  yield* walk(schema['items'], schemas, [...path, 0], known, below);
  yield* walk(schema['additionalProperties'], schemas, [...path, 'key'], known, below);
}

function referenceOf(schema: JsonObject): string | undefined {
  const [first] = Array.isArray(schema['allOf']) ? (schema['allOf'] as readonly JsonValue[]) : [schema];
  const text = isJsonObject(first) ? first['$ref'] : undefined;
  return typeof text === 'string' ? text.replace('#/components/schemas/', '') : undefined;
}

function mergedAs(schema: JsonObject): string {
  if (schema['type'] !== 'array') return String(schema['x-kubernetes-map-type'] ?? 'granular');
  const keys = schema['x-kubernetes-list-map-keys'];
  return Array.isArray(keys)
    ? keys.toSorted().join('+')
    : String(schema['x-kubernetes-list-type'] ?? 'atomic');
}

/** The same as Slipway knows it. */
function knownAs(kind: Kind, { schema, path }: Value): string {
  if (schema['type'] !== 'array') return isAtomicMap(kind, path) === true ? 'atomic' : 'granular';
  const type = builtInListType(kind, path);
  return typeof type === 'object'
    ? type
        .map(({ name }) => name)
        .toSorted()
        .join('+')
    : String(type);
}

/** Kinds that no one deploys: questions to the server, and its own notes. */
const NOT_DEPLOYED =
  /^(?:authentication|authorization|events)\.k8s\.io|^v1 (?:Event|Binding|ComponentStatus)$/;

const isQuantity = ({ type }: Value): boolean => type.endsWith('api.resource.Quantity');

function misjudged(kind: Kind, value: Value): string[] {
  const at = `${kind.apiVersion} ${kind.kind} /${value.path.join('/')}`;
  const { schema, isInside } = value;
  const isMerged = schema['type'] === 'array' || (schema['type'] === 'object' && !isInside);
  const [known, said] = [knownAs(kind, value), mergedAs(schema)];
  const knowsQuantity = asServerWrites('1000m', kind, value.path) === '1';
  // Devices' capacities are compared by the server's dry run.
  const isOpen = isQuantity(value) && kind.apiVersion.startsWith('resource.k8s.io');
  return [
    ...(isMerged && known !== said ? [`${at}: ${known}, not ${said}`] : []),
    ...(knowsQuantity === isQuantity(value) || isOpen ? [] : [`${at}: a quantity is ${isQuantity(value)}`]),
  ];
}

/** Every value of every kind that the API server describes. */
async function* values(client: ClusterClient): AsyncGenerator<readonly [Kind, Value]> {
  const versions = Map.groupBy(builtInKinds(client.kubernetesVersion), ({ apiVersion }) => apiVersion);
  for (const [apiVersion, kinds] of versions) {
    const document = await client.openApi(apiVersion);
    const schemas = valueAt(document ?? {}, ['components', 'schemas']) as JsonObject | undefined;
    for (const { kind } of kinds.filter(({ kind }) => !NOT_DEPLOYED.test(`${apiVersion} ${kind}`)))
      for (const schema of Object.values(schemas ?? {}).filter(one => isOf(one, apiVersion, kind)))
        for (const value of walk(schema, schemas ?? {}, [], [], false)) yield [{ apiVersion, kind }, value];
  }
}

function isOf(schema: JsonValue, apiVersion: string, kind: string): boolean {
  const names = isJsonObject(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
  return (
    Array.isArray(names) &&
    names.length === 1 &&
    names.some(
      name =>
        isJsonObject(name) &&
        [name['group'], name['version']].filter(part => part !== '').join('/') === apiVersion &&
        name['kind'] === kind,
    )
  );
}

describe.each(TESTED_KUBERNETES)('Kubernetes %s', version => {
  const cluster = useCluster({ kubernetes: version });
  const client = useClient(() => cluster.kubeconfig);

  it('describes every list, atomic map and quantity of every kind as they are known', async () => {
    const all: (readonly [Kind, Value])[] = [];
    for await (const one of values(client)) all.push(one);
    expect(all.flatMap(([kind, value]) => misjudged(kind, value))).toEqual([]);
    expect(all.filter(([, { schema }]) => schema['type'] === 'array').length).toBeGreaterThan(1_000);
    expect(all.filter(([, value]) => isQuantity(value)).length).toBeGreaterThan(50);
  });
});
