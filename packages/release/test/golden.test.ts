import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import {
  canonicalJson,
  type JsonObject,
  type PlannedChange,
  parseRecordKeys,
  type RecordKeys,
  type Release,
  textMap,
} from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { nameByContent } from '../src/content/name-by-content.ts';
import {
  applySetId,
  compareReleases,
  type PreparedRelease,
  planOf,
  planTrees,
  type ReleaseRequest,
  withRecordKeys,
} from '../src/index.ts';
import { hashKeyName, secretCopyName } from '../src/names.ts';
import { jobByContent } from '../src/objects/jobs.ts';
import { packRecord } from '../src/records/record.ts';

/**
 * What clusters already contain: a name, hash or MAC that changes here restarts pods, runs Jobs again, or makes the records of
 * earlier versions unreadable.
 */
const identity = {
  application: 'shop',
  formation: 'staging',
  namespace: 'shop',
  destination: 'main',
  repository: 'acme/shop',
};

const object = (apiVersion: string, kind: string, name: string, others: JsonObject): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  ...others,
});

const settings = (data: JsonObject) => object('v1', 'ConfigMap', 'settings', { data });
const password = object('v1', 'Secret', 'password', { stringData: { password: 'pass' } });
const tls = object('v1', 'Secret', 'tls', {
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': 'YQ', 'tls.key': 'Yg==' },
});
const binary = object('v1', 'ConfigMap', 'binary', { binaryData: { logo: 'AAEC' } });
const unused = object('v1', 'ConfigMap', 'unused', { data: { a: '1' } });
const migrate = object('batch/v1', 'Job', 'migrate', {
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'migrate', image: 'api:1' }] } } },
});

const api = object('apps/v1', 'Deployment', 'api', {
  spec: {
    selector: { matchLabels: { app: 'api' } },
    template: {
      metadata: { labels: { app: 'api' } },
      spec: {
        imagePullSecrets: [{ name: 'pull' }],
        containers: [
          {
            name: 'api',
            image: 'api:1',
            envFrom: [{ configMapRef: { name: 'settings' } }],
            env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'password', key: 'password' } } }],
          },
        ],
        volumes: [
          { name: 'tls', secret: { secretName: 'tls' } },
          { name: 'binary', projected: { sources: [{ configMap: { name: 'binary' } }] } },
        ],
      },
    },
  },
});

const manifests = [settings({ a: '1' }), password, tls, binary, unused, migrate, api];
const given = (objects: readonly KubernetesObject[]) => objects.map(each => ({ object: each }));
const sha256 = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');

/** Enough to tell two values apart, on one line. */
const digest = (value: unknown): string => sha256(canonicalJson(value as JsonObject)).slice(0, 16);

function named(objects = manifests): KubernetesObject[] {
  const placed = objects.map(each => ({ object: jobByContent(each), source: each }));
  const key = { bytes: Buffer.alloc(32, 7), kept: true };
  const context = { identity, seals: [], key, unseal: undefined, versionOf: () => undefined };
  return nameByContent(placed, context).objects.map(each => each.object);
}

const release = (changes: Partial<Release> = {}): Release => ({
  apiVersion: 'slipway.dev/v1',
  kind: 'Release',
  number: 7,
  application: 'shop',
  formation: 'staging',
  namespace: 'shop',
  destination: 'main',
  deploymentTag: 'v1.2.3',
  created: '2026-01-02T03:04:05.000Z',
  reason: 'test',
  manifests: named() as unknown as Release['manifests'],
  seals: [],
  objects: [
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'old', uid: 'u1', written: true },
  ],
  pending: [],
  jobs: {},
  prune: 'after-success',
  allow: {},
  ...changes,
});

describe('names in existing clusters', () => {
  it('of ConfigMaps, Secrets and Jobs end in the hash of their content', () => {
    expect(named().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ConfigMap settings-1cd18e557f',
      'Secret password-159f2cb34a',
      'Secret tls-4b63bf674f',
      'ConfigMap binary-d21b48e34e',
      'ConfigMap unused',
      'Job migrate-09034cdc36',
      'Deployment api',
    ]);
  });

  it('are followed by the references of pod templates', () => {
    expect(digest(named().at(-1))).toBe('de84c831a28828fd');
  });

  it('come with the whole hash and the given name as annotations', () => {
    expect(named()[1]?.metadata['annotations']).toEqual({
      'slipway.dev/content': '159f2cb34a4a229cf963ba5386a776f2d283f5b6143f8cbcaf1d26cefb6a3ffc',
      'slipway.dev/given-name': 'password',
    });
    expect(named()[5]?.metadata['annotations']).toEqual({
      'slipway.dev/content': '09034cdc367841d2fcfca2a10030704ddbf74440da56841a609d67314cd46fa0',
      'slipway.dev/given-name': 'migrate',
    });
  });

  it('of Slipway itself follow from application, formation and namespace', () => {
    expect([
      applySetId(identity, 'shop'),
      hashKeyName(identity),
      secretCopyName(identity, 7, 'v1/Secret/shop/password'),
    ]).toEqual([
      'applyset-lGamkVTp09jJW5wdBDGtzl1Zl5Rd3F9ik4ny4FcbgrY-v1',
      'slipway.shop.staging.key',
      'slipway.shop.staging.7.2fdda3566d',
    ]);
  });
});

describe('a record', () => {
  it('is packed into a Secret with the same metadata and content', () => {
    const { secret, parts } = packRecord(release());
    const { data, ...others } = secret;
    const packed = Buffer.from(String((data as JsonObject)['release']), 'base64');
    expect(others).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'slipway.shop.staging.7',
        namespace: 'shop',
        labels: {
          'slipway.dev/application': 'shop',
          'slipway.dev/formation': 'staging',
          'slipway.dev/verdict': 'open',
        },
        annotations: { 'slipway.dev/deployment-tag': 'v1.2.3', 'slipway.dev/destination': 'main' },
      },
      type: 'slipway.dev/release',
    });
    expect(digest(JSON.parse(gunzipSync(packed).toString('utf8')))).toBe('65812795c279c52e');
    expect(parts).toEqual([]);
  });

  it.each<[string, KubernetesObject, string]>([
    [
      'a release',
      {
        ...packRecord(release()).secret,
        data: { release: Buffer.from('content').toString('base64') },
      } as KubernetesObject,
      'hmac-sha256:ZiTh8Eg70jUol4tJfBchT6m8wRldiTlzRSh5PzDnNR8',
    ],
    [
      'a kept Secret',
      {
        ...object('v1', 'Secret', 'slipway.shop.staging.7.0123456789', {}),
        type: 'slipway.dev/secret-copy',
        data: { password: 'cGFzcw==' },
      },
      'hmac-sha256:AtYOeu93-LVIoqBBW5WP6LJlqmoJ7K7YGTSwm5_zh-Y',
    ],
  ])('of %s gets the same MAC by the same key', async (_case, secret, mac) => {
    const keys = parseRecordKeys('0123456789abcdefghijklmnopqrstuvwxyz') as RecordKeys;
    const written: KubernetesObject[] = [];
    const client = {
      create: async (created: KubernetesObject) => {
        written.push(created);
        return created;
      },
    } as unknown as ClusterClient;
    await withRecordKeys(client, { keys }).create(secret);
    expect(
      written.map(({ metadata }) => textMap(metadata['annotations'] ?? null)['slipway.dev/mac']),
    ).toEqual([mac]);
  });
});

const request = (changes: Partial<ReleaseRequest> = {}): ReleaseRequest => ({
  identity,
  objects: given(manifests),
  seals: [],
  allow: {},
  prune: 'after-success',
  actor: 'someone',
  run: '',
  reason: 'test',
  adopt: false,
  forceConflicts: false,
  allowOlder: false,
  deploymentTag: 'v1.2.3',
  ...changes,
});

const prepared = (changes: Partial<PreparedRelease>): PreparedRelease => ({
  request: request(),
  objects: [],
  notCompared: 0,
  problems: [],
  latest: 0,
  newest: undefined,
  previous: undefined,
  leaving: [],
  missing: [],
  rights: { needed: [], lacking: [], rules: new Map() },
  replicas: new Map(),
  unseal: undefined,
  secrets: [],
  hashKey: undefined,
  ...changes,
});

/** A plan as one line for each of its changes. */
const linesOf = (changes: readonly PlannedChange[]): string[] =>
  changes.map(({ action, object: { kind, namespace, name }, restarts, fields = [], note }) =>
    [
      `${action} ${kind} ${namespace}/${name}`,
      ...fields.map(({ pointer, before, after }) => `${pointer} ${JSON.stringify([before, after])}`),
      ...(restarts === true ? ['restarts'] : []),
      ...(note === undefined ? [] : [note]),
    ].join(' | '),
  );

describe('a plan', () => {
  const [settingsNamed, passwordNamed] = named() as [KubernetesObject, KubernetesObject];
  const head = {
    apiVersion: 'slipway.dev/v1',
    kind: 'Plan',
    application: 'shop',
    formation: 'staging',
    destination: 'main',
    namespace: 'shop',
    deploymentTag: 'v1.2.3',
    method: 'dry-run',
  };
  const base = { fields: [], sealed: false } as const;
  const fixed = { users: ['Deployment api'], fixed: 'slipway.dev/naming is "fixed"' };
  const image = { pointer: '/spec/template/spec/containers/0/image', before: 'api:1', after: 'api:2' };
  const left = (name: string, others: JsonObject = {}) =>
    ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'shop',
      name,
      uid: name,
      written: true,
      ...others,
    }) as const;

  it.each<[string, PreparedRelease, string[], JsonObject?]>([
    [
      'of a first release',
      prepared({
        objects: [
          {
            ...base,
            source: settings({ a: '1' }),
            object: settingsNamed,
            action: 'create',
            naming: { users: ['Deployment api'] },
          },
          { ...base, source: api, object: api, action: 'create' },
        ],
      }),
      [
        'create ConfigMap shop/settings | named by its content: settings-1cd18e557f',
        'create Deployment shop/api',
      ],
    ],
    [
      'of a change with each kind of note',
      prepared({
        objects: [
          {
            ...base,
            source: settings({ a: '1' }),
            object: settingsNamed,
            action: 'create',
            before: settings({ a: '0' }),
            fields: [{ pointer: '/data/a', before: '0', after: '1' }],
            naming: { users: ['Deployment api'] },
          },
          {
            ...base,
            source: password,
            object: passwordNamed,
            action: 'unchanged',
            sealed: true,
            note: 'content known at deploy',
          },
          {
            ...base,
            source: unused,
            object: unused,
            action: 'change',
            fields: [{ pointer: '/data/a' }],
            naming: fixed,
          },
          { ...base, source: api, object: api, action: 'change', fields: [image] },
          {
            ...base,
            source: migrate,
            object: jobByContent(migrate),
            action: 'skip',
            note: 'has already run',
          },
        ],
        leaving: [
          left('old'),
          left('theirs', { existedBefore: true }),
          left('elsewhere', { namespace: 'other' }),
          left('settings-0123456789', { given: 'settings' }),
          left('gone-0123456789', { given: 'gone' }),
          { ...left('claim'), kind: 'PersistentVolumeClaim' },
        ],
      }),
      [
        'change ConfigMap shop/settings | /data/a ["0","1"] | named by its content: settings-1cd18e557f',
        'unchanged Secret shop/password | content known at deploy',
        'change ConfigMap shop/unused | /data/a [null,null] | no pod of Deployment api restarts: it keeps its name, since slipway.dev/naming is "fixed"',
        'change Deployment shop/api | /spec/template/spec/containers/0/image ["api:1","api:2"] | restarts',
        'skip Job shop/migrate-09034cdc36 | has already run',
        'prune ConfigMap shop/old | once the release has succeeded',
        'prune ConfigMap shop/theirs | not deleted: it existed before this formation deployed it',
        "prune ConfigMap other/elsewhere | not deleted: the formation's allow does not name its namespace or kind",
        'prune ConfigMap shop/gone | once no kept release and no workload needs it',
        'prune PersistentVolumeClaim shop/claim | not deleted (needs slipway.dev/prune: allow)',
      ],
    ],
    [
      'with fewer rights',
      prepared({
        request: request({ prune: 'now' }),
        objects: [{ ...base, source: api, object: api, action: 'change', fields: [image], merged: true }],
        leaving: [left('old')],
        missing: [{ group: '', resource: 'secrets', verb: 'get', namespace: 'shop' }],
      }),
      [
        'change Deployment shop/api | /spec/template/spec/containers/0/image ["api:1","api:2"] | restarts',
        'prune ConfigMap shop/old | at once',
      ],
      {
        method: 'merge',
        limits: [
          "compared by a local merge, without the server's defaults and checks, since its dry run takes the rights to create and patch: Deployment.apps",
          'what earlier releases left, and therefore what would be deleted, is not known: the credentials may not read Secrets',
        ],
      },
    ],
    ['that keeps what left', prepared({ request: request({ prune: 'off' }), leaving: [left('old')] }), []],
  ])('%s says the same', (_case, prepared_, lines, changed = {}) => {
    const { changes, ...others } = planOf(prepared_);
    expect(linesOf(changes)).toEqual(lines);
    expect(others).toEqual({ ...head, ...changed });
  });

  it('of two trees says the same', () => {
    const after = [settings({ a: '2' }), password, tls, binary, migrate, api];
    const plan = planTrees({ identity, before: given(manifests), after: given(after) });
    const { changes, ...others } = plan;
    expect(linesOf(changes)).toEqual([
      'change ConfigMap shop/settings | /data/a ["1","2"]',
      'prune ConfigMap shop/unused',
      'change Deployment shop/api | /spec/template/spec/containers/0/envFrom/0/configMapRef/name ["settings-1cd18e557f","settings-6479ac8c3f"] | restarts',
    ]);
    const { deploymentTag: _none, ...known } = head;
    expect(others).toEqual({
      ...known,
      method: 'trees',
      limits: ['the cluster was not asked: drift, conflicts and what it would refuse are not known'],
    });
  });

  it('of two releases says the same', () => {
    const after = named([settings({ a: '2' }), password, tls, binary, migrate, api]);
    const to = release({ manifests: after as unknown as Release['manifests'] });
    expect(linesOf(compareReleases(release(), to))).toEqual([
      'change ConfigMap shop/settings | /data/a ["1","2"]',
      'prune ConfigMap shop/unused',
      'change Deployment shop/api | /spec/template/spec/containers/0/envFrom/0/configMapRef/name ["settings-1cd18e557f","settings-6479ac8c3f"] | restarts',
    ]);
  });
});
