import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue, parseJson, stringifyJson, valueAt } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { parseDocument } from '@slipway/yaml';
import { builtInListKeys } from '../src/render/merge-keys.ts';
import { deployment, merges } from './support/merges.ts';
import { rendered } from './support/shop.ts';

const cluster = useCluster();

/** The result of kubectl's strategic merge of the same manifest and patch. */
function asKubectlPatches(patch: JsonValue): JsonValue {
  const { kubectl = '', kubeconfig = '' } = cluster;
  const args = [
    'patch',
    '--local',
    '--type',
    'strategic',
    '-p',
    stringifyJson(patch),
    '-f',
    '-',
    '-o',
    'json',
  ];
  const { stdout, stderr } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
    input: deployment,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return parseJson(stdout);
}

describe('kubectl patches in the same way', () => {
  const comparable = Object.entries(merges).filter(([, [patch]]) => !patch.includes('${'));

  it.each(comparable)('%s', async (_name, [patch]) => {
    const formation = `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec:\n  destinations: {main: {namespace: shop-staging}}\n  patches:\n    ${patch}\n`;
    const files = { 'stencils/config.yaml': deployment, 'formations/staging.yaml': formation };
    const ours = (await rendered(files)).objects[0]?.object ?? null;
    const theirs = asKubectlPatches(valueAt(parseDocument(patch, 'patch.yaml').value, [0]) ?? null);
    expect(withoutDefaults(theirs)).toEqual(withoutDefaults(ours));
  });
});

type Schema = { readonly [key: string]: unknown };

/** The published keys of a list: those of server-side apply, or of a strategic merge. */
function publishedKeys(list: Schema): readonly string[] {
  const [keys, key] = [list['x-kubernetes-list-map-keys'], list['x-kubernetes-patch-merge-key']];
  return (keys ?? (key === undefined ? [] : [key])) as string[];
}

function served(path: string): { readonly [key: string]: JsonValue } {
  const { kubectl = '', kubeconfig = '' } = cluster;
  const { stdout } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, 'get', '--raw', path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout);
}

/** Each list of a kind by the keys that lead to it, with the keys that identify its items. */
function listsOf(kind: Schema, definitions: Record<string, Schema>): Map<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  const walk = (schema: Schema, path: readonly string[], seen: readonly string[]): void => {
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      const name = reference.replace('#/definitions/', '');
      if (!seen.includes(name)) walk(definitions[name] ?? {}, path, [...seen, name]);
      return;
    }
    for (const [key, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
      const below = [...path, key];
      if (property['type'] === 'array') {
        lists.set(below.join('/'), publishedKeys(property));
        walk(property['items'] as Schema, below, seen);
      } else walk(property, below, seen);
    }
  };
  walk(kind, [], []);
  return lists;
}

it('every list of every kind is merged by all the keys that the API server publishes', () => {
  const definitions = served('/openapi/v2')['definitions'] as unknown as Record<string, Schema>;
  const kinds = Object.values(definitions).flatMap(schema => {
    const names = schema['x-kubernetes-group-version-kind'] as readonly Record<string, string>[] | undefined;
    const { group, version = '', kind = '' } = (names?.length === 1 && names[0]) || {};
    // A ComponentStatus can only be read.
    return kind === '' || kind === 'ComponentStatus' || kind.endsWith('List')
      ? []
      : [{ kind: { apiVersion: group ? `${group}/${version}` : version, kind }, schema }];
  });
  expect(kinds.length).toBeGreaterThan(50);
  const wrong = kinds.flatMap(({ kind, schema }) =>
    [...listsOf(schema, definitions)].flatMap(([path, keys]) => {
      const ours = (builtInListKeys(kind, path.split('/')) ?? []).map(({ name }) => name);
      return ours.join() === keys.join() || /(?:^|\/)status\//.test(path)
        ? []
        : [`${kind.kind} ${path}: ${ours} instead of ${keys}`];
    }),
  );
  expect(wrong).toEqual([]);
});

it.each([
  ['Service', ['spec', 'ports'], 'ServicePort'],
  ['Pod', ['spec', 'containers', 'ports'], 'ContainerPort'],
])('a key that a port of a %s leaves out has the published default', (kind, path, item) => {
  const schemas = valueAt(served('/openapi/v3/api/v1') as JsonValue, ['components', 'schemas']) ?? null;
  const preset = valueAt(schemas, [`io.k8s.api.core.v1.${item}`, 'properties', 'protocol', 'default']);
  expect(preset).toBe('TCP');
  expect(builtInListKeys({ apiVersion: 'v1', kind }, path)?.at(-1)).toEqual({
    name: 'protocol',
    default: preset,
  });
});

const service = `apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports:
    - {name: http, port: 80}
    - {name: https, port: 443, protocol: TCP}
    - {name: quic, port: 443, protocol: UDP}
`;

describe('the API server merges in the same way', () => {
  it.each([
    ['an item of two keys', '{port: 443, protocol: UDP, nodePort: 30443}'],
    ['an item whose second key is the default', '{port: 80, protocol: TCP, appProtocol: http}'],
    ['a new item of a port that exists', '{port: 80, protocol: UDP, name: dns}'],
  ])('%s', async (_name, item) => {
    const patch = `apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {type: NodePort, ports: [${item}]}\n`;
    const formation = `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec:\n  destinations: {main: {namespace: shop-staging}}\n  patches:\n    - {kind: Service, metadata: {name: api}, spec: {type: NodePort, ports: [${item}]}}\n`;
    const ours = (await rendered({ 'stencils/config.yaml': service, 'formations/staging.yaml': formation }))
      .objects[0]?.object;
    expect(portsOf(ours ?? null)).toEqual(portsOf(asTheServerApplies(service, patch)));
  });
});

/** The object after two managers have applied their parts of it, as a dry run of the second one returns it. */
function asTheServerApplies(base: string, patch: string): JsonValue {
  const { kubectl = '', kubeconfig = '' } = cluster;
  const apply = (manager: string, input: string, ...more: readonly string[]): string => {
    const args = ['apply', '--server-side', `--field-manager=${manager}`, '-f', '-', '-o', 'json', ...more];
    const { stdout, stderr } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      input,
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    return stdout;
  };
  apply('stencil', base);
  return parseJson(apply('patch', patch, '--dry-run=server'));
}

const keyOf = ({ port, protocol }: { port?: JsonValue; protocol: JsonValue }): string =>
  `${port} ${protocol}`;

/** What the test is about, ports in the order of their names: the server orders an added item in another way than kubectl. */
function portsOf(object: JsonValue): readonly JsonValue[] {
  const ports = valueAt(object, ['spec', 'ports']);
  const wanted = (Array.isArray(ports) ? ports : []).map(port => ({
    protocol: 'TCP',
    ...Object.fromEntries(
      Object.entries(isJsonObject(port) ? port : {}).filter(([key]) =>
        ['name', 'port', 'protocol', 'appProtocol'].includes(key),
      ),
    ),
  }));
  return wanted.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
}

/** kubectl fills in empty fields of the kinds that it knows, and no namespace. */
function withoutDefaults(object: JsonValue): JsonValue {
  const spec = valueAt(object, ['spec']) ?? null;
  return JSON.parse(
    JSON.stringify({ labels: valueAt(object, ['metadata', 'labels']), spec }, (_key, value: unknown) => {
      const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
      return isEmpty ? undefined : value;
    }),
  );
}
