import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { parseRecordKeys, type Release, silentLogger, textMap } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  findUnreadable,
  listReleases,
  prepareRelease,
  readRelease,
  rollBack,
  type Unseal,
  withRecordKeys,
} from '../src/index.ts';
import { clock, codesOf, never, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const OLD_KEY = 'b2xkIGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
const NEW_KEY = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';

/** A client of someone who can edit the namespace and has no key. */
const editor = useClient(() => cluster.kubeconfig);

function signing(destination: string, ...lines: string[]): ClusterClient {
  const keys = parseRecordKeys(lines.join('\n'));
  return withRecordKeys(editor, keys && { keys, destination });
}

const recordOf = (namespace: string, number: number) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace,
  name: `slipway.shop.staging.${number}`,
});

const sealed = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'database' },
  stringData: { password: 'slipway-sealed(password)' },
};
const seal = {
  file: 'manifests/database.yaml',
  document: 0,
  object: { apiVersion: 'v1', kind: 'Secret', name: 'database' },
  pointer: '/stringData/password',
  standIn: 'slipway-sealed(password)',
  word: 'password',
  placement: 'stringData' as const,
};

/** Releases whose ConfigMap contains their number, all succeeded, and signed by the client. */
async function releases(client: ClusterClient, namespace: string, count: number): Promise<Release[]> {
  const done: Release[] = [];
  for (let number = 1; number <= count; number++) {
    const unseal: Unseal = secret => ({ ...secret, stringData: { password: `p${number}` } });
    const objects = [configMap('settings', { number: String(number) }), sealed];
    const { release } = await deploy(client, requestFor(namespace, objects, { seals: [seal] }), async () => ({
      unseal,
      versions: [],
    }));
    done.push(await closeRelease(client, release, 'succeeded', clock));
  }
  return done;
}

/** Changes a Secret, as `kubectl edit` would. */
async function edit(
  namespace: string,
  number: number,
  change: (record: KubernetesObject) => Partial<KubernetesObject>,
): Promise<void> {
  const record = await editor.get(recordOf(namespace, number));
  if (record === undefined) throw new Error('there is no record');
  await editor.update({ ...record, ...change(record) } as KubernetesObject);
}

const dataOf = (record: KubernetesObject | undefined): string =>
  textMap(record?.['data'] ?? null)['release'] ?? '';

function forged(record: KubernetesObject, change: (text: string) => string): { data: { release: string } } {
  const text = gunzipSync(Buffer.from(dataOf(record), 'base64')).toString();
  return { data: { release: gzipSync(change(text)).toString('base64') } };
}

const unverified = { code: 'record-unverified' };
const run = {
  clock,
  signal: never,
  logger: silentLogger,
  repository: 'acme/shop',
  actor: 'someone',
  run: '',
};
const back = (client: ClusterClient, release: Release) =>
  rollBack({ ...run, client, release, reason: 'it failed', lockTimeout: 5_000, timeout: 20_000 });

describe('with a record-key', () => {
  it('releases are recorded, closed, read and rolled back to', async () => {
    const namespace = await createNamespace(editor, 'signed');
    const client = signing('main', NEW_KEY);
    await releases(client, namespace, 2);
    const { release } = await deploy(client, requestFor(namespace, [configMap('settings', { number: '3' })]));
    expect(await back(client, release)).toMatchObject({ number: 4, restores: 2 });
    const settings = await editor.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
    expect(settings?.['data']).toEqual({ number: '2' });
    const record = await editor.get(recordOf(namespace, 2));
    expect(textMap(record?.metadata['annotations'])['slipway.dev/mac']).toMatch(/^hmac-sha256:/);
    expect(JSON.stringify(record)).not.toContain(NEW_KEY);
  });

  it.each<[string, (namespace: string) => Promise<void>]>([
    [
      'changed the manifests of',
      namespace =>
        edit(namespace, 1, record => forged(record, text => text.replace('"number":"1"', '"number":"evil"'))),
    ],
    [
      'changed the label with the verdict of',
      namespace =>
        edit(namespace, 1, ({ metadata }) => ({
          metadata: {
            ...metadata,
            labels: { ...textMap(metadata['labels']), 'slipway.dev/verdict': 'failed' },
          },
        })),
    ],
    [
      'took the MAC off',
      namespace => edit(namespace, 1, ({ metadata }) => ({ metadata: { ...metadata, annotations: {} } })),
    ],
    [
      'put the content of another release, MAC included, into',
      async namespace => {
        const other = await editor.get(recordOf(namespace, 2));
        await edit(namespace, 1, ({ metadata }) => ({
          metadata: { ...metadata, annotations: other?.metadata['annotations'] ?? {} },
          data: { release: dataOf(other) },
        }));
      },
    ],
  ])('a record is refused once someone %s it', async (what, change) => {
    const namespace = await createNamespace(editor, `forged-${what.length}`);
    const client = signing('main', NEW_KEY);
    const [first] = await releases(client, namespace, 2);
    await change(namespace);
    await expect(readRelease(client, first as Release, 1)).rejects.toMatchObject(unverified);
    expect([
      ...(await findUnreadable(client, first as Release, await listReleases(client, first as Release))),
    ]).toMatchObject([[1, unverified]]);
  });

  it('a newest record that someone changed makes the next release be refused before its first write', async () => {
    const namespace = await createNamespace(editor, 'forged-newest');
    const client = signing('main', NEW_KEY);
    await releases(client, namespace, 1);
    await edit(namespace, 1, record =>
      forged(record, text => text.replace('"prune":"after-success"', '"prune":"now"')),
    );
    const before = await snapshotOf(editor, namespace);
    const request = requestFor(namespace, []);
    expect((await prepareRelease({ client, request })).problems).toMatchObject([
      { ...unverified, remedy: expect.stringMatching(/find out who changed it/) },
    ]);
    expect(await codesOf(deploy(client, request))).toEqual(['record-unverified']);
    expect(await snapshotOf(editor, namespace)).toEqual(before);
  });

  it('a rollback applies no forged release, whatever its number', async () => {
    const namespace = await createNamespace(editor, 'forged-number');
    const client = signing('main', NEW_KEY);
    const [first] = await releases(client, namespace, 1);
    const { release } = await deploy(client, requestFor(namespace, [configMap('settings', { number: '2' })]));
    const record = await editor.get(recordOf(namespace, 1));
    // The valid record of release 1, with forged manifests, under the number that a rollback would choose first.
    await editor.delete(recordOf(namespace, 1));
    const { resourceVersion: _version, uid: _uid, ...metadata } = record?.metadata ?? { name: '' };
    await editor.create({
      ...(record as KubernetesObject),
      metadata,
      ...forged(record as KubernetesObject, text => text.replace('"number":"1"', '"number":"evil"')),
    });
    expect(first?.number).toBe(1);
    expect(await codesOf(back(client, release))).toEqual(['record-unverified']);
    const settings = await editor.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
    expect(settings?.['data']).toEqual({ number: '2' });
  });

  it('a record of another namespace or destination is refused, although its MAC is valid', async () => {
    const [one, other] = [
      await createNamespace(editor, 'destination-one'),
      await createNamespace(editor, 'destination-two'),
    ];
    const client = signing('main', NEW_KEY);
    await releases(client, one, 1);
    const record = (await editor.get(recordOf(one, 1))) as KubernetesObject;
    const { resourceVersion: _version, uid: _uid, ...metadata } = record.metadata;
    await editor.create({ ...record, metadata: { ...metadata, namespace: other } });
    const owner = { application: 'shop', formation: 'staging' };
    await expect(readRelease(client, { ...owner, namespace: other }, 1)).rejects.toMatchObject(unverified);
    const elsewhere = signing('eu', NEW_KEY);
    await expect(readRelease(elsewhere, { ...owner, namespace: one }, 1)).rejects.toThrow(
      /is a record of the destination "main"/,
    );
  });

  it('a kept Secret that someone changed is not restored', async () => {
    const namespace = await createNamespace(editor, 'forged-secret');
    const client = signing('main', NEW_KEY);
    await releases(client, namespace, 1);
    const { release } = await deploy(client, requestFor(namespace, [configMap('settings', { number: '2' })]));
    const { items } = await editor.list({ apiVersion: 'v1', kind: 'Secret', namespace });
    const copies = items.filter(item => item['type'] === 'slipway.dev/secret-copy');
    expect(copies).toHaveLength(1);
    for (const copy of copies) {
      const { resourceVersion: _version, uid: _uid, ...metadata } = copy.metadata;
      await editor.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: copy.metadata.name });
      await editor.create({ ...copy, metadata, data: { password: Buffer.from('evil').toString('base64') } });
    }
    expect(await codesOf(back(client, release))).toEqual(['record-unverified']);
  });

  it('keys can be replaced: what the old one signed is accepted while it is another line', async () => {
    const namespace = await createNamespace(editor, 'rotated');
    const [first] = await releases(signing('main', OLD_KEY), namespace, 1);
    await releases(signing('main', NEW_KEY, OLD_KEY), namespace, 1);
    await expect(readRelease(signing('main', NEW_KEY), first as Release, 1)).rejects.toMatchObject(
      unverified,
    );
    expect(await readRelease(signing('main', NEW_KEY), first as Release, 2)).toMatchObject({ number: 2 });
  });

  it('records from before there was a key are accepted with accept-unsigned, and signed from then on', async () => {
    const namespace = await createNamespace(editor, 'begun');
    const [first] = await releases(editor, namespace, 1);
    expect(await codesOf(deploy(signing('main', NEW_KEY), requestFor(namespace, [])))).toEqual([
      'record-unverified',
    ]);
    await releases(signing('main', NEW_KEY, 'accept-unsigned'), namespace, 1);
    expect(await readRelease(signing('main', NEW_KEY), first as Release, 2)).toMatchObject({ number: 2 });
  });
});
