import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ROOM_QUOTA } from '@slipway/core';
import { type RoleRule, SPAWNED_RIGHTS } from '@slipway/kubernetes';
import { roomQuota } from '@slipway/release';
import { loadAll } from 'js-yaml';
import { ROOT } from './support/sources.ts';

interface Shipped {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly RoleRule[];
  readonly data?: Readonly<Record<string, string>>;
}

const shipped = loadAll(readFileSync(join(ROOT, 'examples/roles/spawner.yaml'), 'utf8')) as Shipped[];
const find = (kind: string, name: string) =>
  shipped.find(object => object.kind === kind && object.metadata.name === name);

/** Each right as `verb resource.group`. */
const rights = (rules: readonly RoleRule[] = []): string[] =>
  rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      verbs.flatMap(verb => resources.map(resource => `${verb} ${resource}.${apiGroups[0] ?? ''}`)),
    )
    .sort();

it('the tenant may do what deploys an instance of the other form, and read its binding', () => {
  const own = rights(find('ClusterRole', 'slipway-tenant')?.rules);
  const shared = rights(SPAWNED_RIGHTS.flatMap(({ rules }) => rules));
  const [group, resource] = ['rbac.authorization.k8s.io', 'rolebindings'];
  expect(own).toEqual([...shared, `get ${resource}.${group}`, `list ${resource}.${group}`].sort());
});

it('the room keeper reads no Secret and no pod, and deletes nothing but namespaces', () => {
  const own = rights(find('ClusterRole', 'slipway-room-keeper')?.rules);
  expect(own.filter(right => right.startsWith('delete'))).toEqual(['delete namespaces.']);
  expect(own.filter(right => /secrets|pods|\*/.test(right))).toEqual([]);
});

it('the fence has the quota that is shipped', () => {
  const { data = {} } = find('ConfigMap', 'preview') ?? {};
  const limits = Object.entries(data).filter(([key]) => key.startsWith('quota.'));
  const fence = Object.fromEntries(limits.map(([key, value]) => [key.slice(6).replace('_', '/'), value]));
  expect(roomQuota('shop-pr-7', {})['spec']).toEqual({ hard: fence });
  expect(fence).toMatchObject(ROOM_QUOTA);
});
