import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type JsonValue, parseJson, stringifyJson, valueAt } from '@slipway/core';
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

/** Each list of a kind by the keys that lead to it, with the key that Kubernetes merges it by. */
function listsOf(kind: Schema, definitions: Record<string, Schema>): Map<string, string | undefined> {
  const lists = new Map<string, string | undefined>();
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
        const isMerged = String(property['x-kubernetes-patch-strategy']).includes('merge');
        lists.set(
          below.join('/'),
          isMerged ? (property['x-kubernetes-patch-merge-key'] as string) : undefined,
        );
        walk(property['items'] as Schema, below, seen);
      } else walk(property, below, seen);
    }
  };
  walk(kind, [], []);
  return lists;
}

it('every list of every kind is merged by the key that the API server publishes', () => {
  const { kubectl = '', kubeconfig = '' } = cluster;
  const { stdout } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, 'get', '--raw', '/openapi/v2'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const definitions = JSON.parse(stdout).definitions as Record<string, Schema>;
  const kinds = Object.values(definitions).flatMap(schema => {
    const names = schema['x-kubernetes-group-version-kind'] as readonly { kind: string }[] | undefined;
    return names?.length === 1 && names[0] !== undefined && !names[0].kind.endsWith('List')
      ? [{ kind: names[0].kind, schema }]
      : [];
  });
  expect(kinds.length).toBeGreaterThan(50);
  const wrong = kinds.flatMap(({ kind, schema }) =>
    [...listsOf(schema, definitions)].flatMap(([path, key]) => {
      const [ours] = builtInListKeys(kind, path.split('/')) ?? [];
      return ours === key || /(?:^|\/)status\//.test(path)
        ? []
        : [`${kind} ${path}: ${ours} instead of ${key}`];
    }),
  );
  expect(wrong).toEqual([]);
});

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
