import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { overwrites } from '../src/objects/overwrites.ts';
import { ownersOf } from '../src/objects/ownership.ts';

const OURS = 'slipway:shop/staging';

/** A live object of which we own some fields by applying them, and someone else others. */
function live(
  kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
  content: JsonObject,
  [ours, theirs]: readonly [JsonObject | undefined, JsonObject],
): KubernetesObject {
  const entry = (manager: string, operation: string, fieldsV1: JsonObject) => ({
    manager,
    operation,
    fieldsV1,
  });
  const managedFields = [
    ...(ours === undefined ? [] : [entry(OURS, 'Apply', ours)]),
    entry('someone', 'Update', theirs),
  ];
  return { ...kind, ...content, metadata: { name: 'a', managedFields } };
}

const SERVICE = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' };
const HOOK = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' };
const POLICY = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const ROLE = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' };
const PONY = { apiVersion: 'example.com/v1', kind: 'Pony' };
const NOTHING: JsonObject = {};

const webhook = (caBundle: string) => ({
  webhooks: [{ name: 'a.example.com', clientConfig: { caBundle } }],
});
const ofWebhook: JsonObject = {
  'f:webhooks': { 'k:{"name":"a.example.com"}': { 'f:clientConfig': { 'f:caBundle': {} } } },
};
const egress = (port: JsonObject) => ({ spec: { egress: [{ ports: [port] }] } });
const selector = (labels: JsonObject) => ({ spec: { selector: { matchLabels: labels } } });

interface Case {
  readonly manifest: KubernetesObject;
  readonly live: JsonObject;
  /** What we own; undefined where that is not known. */
  readonly ours?: JsonObject;
  readonly theirs: JsonObject;
  readonly overwritten: readonly string[];
}

const named = (kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>, content: JsonObject) => ({
  ...kind,
  ...content,
  metadata: { name: 'a' },
});

const CASES: Readonly<Record<string, Case>> = {
  'is not the certificate that a controller fills into a webhook': {
    manifest: named(HOOK, webhook('Cg==')),
    live: webhook('Q0E='),
    ours: NOTHING,
    theirs: ofWebhook,
    overwritten: [],
  },
  'is not the certificate that a controller fills into an APIService': {
    manifest: named(SERVICE, { spec: { caBundle: '' } }),
    live: { spec: { caBundle: 'Q0E=' } },
    ours: NOTHING,
    theirs: { 'f:spec': { 'f:caBundle': {} } },
    overwritten: [],
  },
  'is not what a controller gathers into the rules of a role': {
    manifest: named(ROLE, { aggregationRule: { clusterRoleSelectors: [] }, rules: [] }),
    live: { aggregationRule: { clusterRoleSelectors: [] }, rules: [{ verbs: ['get'] }] },
    ours: { 'f:aggregationRule': {} },
    theirs: { 'f:rules': {} },
    overwritten: [],
  },
  'is what someone writes into the rules of another role': {
    manifest: named(ROLE, { rules: [] }),
    live: { rules: [{ verbs: ['get'] }] },
    ours: NOTHING,
    theirs: { 'f:rules': {} },
    overwritten: ['/rules'],
  },
  'is not a list that was changed back, with its defaults': {
    manifest: named(POLICY, egress({ port: 53 })),
    live: egress({ port: 53, protocol: 'TCP' }),
    ours: NOTHING,
    theirs: { 'f:spec': { 'f:egress': {} } },
    overwritten: [],
  },
  'is a list that has one owner as a whole': {
    manifest: named(POLICY, egress({ port: 53 })),
    live: egress({ port: 54, protocol: 'TCP' }),
    ours: NOTHING,
    theirs: { 'f:spec': { 'f:egress': {} } },
    overwritten: ['/spec/egress'],
  },
  'is a map that has one owner as a whole': {
    manifest: named(DEPLOYMENT, selector({ app: 'a' })),
    live: selector({ app: 'b' }),
    ours: NOTHING,
    theirs: { 'f:spec': { 'f:selector': {} } },
    overwritten: ['/spec/selector'],
  },
  'is a field of a custom resource, wherever it is': {
    manifest: named(PONY, { spec: { hay: { bales: 1, dry: true } } }),
    live: { spec: { hay: { bales: 2, dry: true } } },
    ours: { 'f:spec': { 'f:hay': { 'f:dry': {} } } },
    theirs: { 'f:spec': { 'f:hay': { 'f:bales': {} } } },
    overwritten: ['/spec/hay/bales'],
  },
  'is nothing that is empty, where it is not known who owns what': {
    manifest: named(PONY, { spec: { hay: {}, oats: [], name: null } }),
    live: { spec: {} },
    theirs: NOTHING,
    overwritten: [],
  },
};

describe('what was written over since it was applied', () => {
  it.each(Object.entries(CASES))('%s', (_what, { manifest, live: found, ours, theirs, overwritten }) => {
    const now = live(manifest, found, [ours, theirs]);
    const changes = overwrites(manifest, now, ownersOf(now, OURS));
    expect(changes.map(({ pointer, managers }) => [pointer, managers])).toEqual(
      overwritten.map(pointer => [pointer, ['someone']]),
    );
  });

  it('is each field of an object of which only the metadata is known, so that it is read', () => {
    const manifest: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', labels: { tier: 'front' } },
      data: { a: '1', b: '2' },
    };
    const seen = live(manifest, {}, [{ 'f:data': { 'f:a': {} } }, { 'f:data': { 'f:b': {} } }]);
    const only = { ...seen, data: undefined } as unknown as KubernetesObject;
    expect(overwrites(manifest, only, ownersOf(only, OURS)).map(({ pointer }) => pointer)).toEqual([
      '/metadata/labels',
      '/data/b',
    ]);
  });
});
