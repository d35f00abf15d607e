import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { JsonObject } from '@slipway/core';
import { silentLogger } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { closeRelease, destroyFormation, listReleases, readRelease } from '../src/index.ts';
import { lockLost } from '../src/records/lock-errors.ts';
import { clock, codesOf, never, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

/** 2.4 MB that compress to no less than 1.8 MB. */
const large = (): JsonObject[] =>
  Array.from({ length: 4 }, (_map, index) =>
    configMap(`large-${index}`, { text: randomBytes(450_000).toString('base64') }),
  );

const partsOf = async (namespace: string): Promise<string[]> =>
  Object.keys(await snapshotOf(client, namespace)).filter(name =>
    /slipway\.shop\.staging\.\d+\.[0-9a-f]{8}\.\d+$/.test(name),
  );

describe('a record that is too large for a Secret', () => {
  it('is split over several, read as a whole, and deleted with all of its parts', async () => {
    const namespace = await createNamespace(client, 'large');
    const request = requestFor(namespace, large());
    const { release } = await deploy(client, request);
    expect((await partsOf(namespace)).length).toBeGreaterThan(1);
    const read = await readRelease(client, release, 1);
    expect(read.manifests).toEqual(release.manifests);
    expect(read.objects).toHaveLength(4);
    const before = await partsOf(namespace);
    await closeRelease(client, release, 'failed', clock);
    expect(await partsOf(namespace)).toEqual(before);
    expect(await listReleases(client, release)).toMatchObject([{ number: 1, verdict: 'failed' }]);
    for (let number = 2; number <= 8; number++) {
      const next = await deploy(client, requestFor(namespace, [configMap('small', { a: String(number) })]));
      await closeRelease(client, next.release, 'failed', clock);
    }
    expect(await partsOf(namespace)).toEqual([]);
  });

  it('is broken when a part is missing, and the message says which Secret to delete', async () => {
    const namespace = await createNamespace(client, 'large-broken');
    const { release } = await deploy(client, requestFor(namespace, large()));
    const [part = ''] = await partsOf(namespace);
    await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: part.replace('Secret ', '') });
    expect(await codesOf(readRelease(client, release, 1))).toEqual(['record-broken']);
  });

  it('is not called broken where its reading is ended, as by a lock that is lost', async () => {
    const namespace = await createNamespace(client, 'large-ended');
    const { release } = await deploy(client, requestFor(namespace, large()));
    const end = new AbortController();
    const bounded = client.within({ signal: end.signal, check: () => {}, unanswered: () => {} });
    const ending: ClusterClient = {
      ...bounded,
      async get(reference) {
        if (/\.[0-9a-f]{8}\.\d+$/.test(reference.name)) end.abort(lockLost('the lock was deleted'));
        return await bounded.get(reference);
      },
    };
    expect(await codesOf(readRelease(ending, release, 1))).toEqual(['lock-lost']);
  });

  it('converges when the run dies between its parts, and leaves nothing behind in the end', async () => {
    const namespace = await createNamespace(client, 'large-killed');
    let created = 0;
    const dying: ClusterClient = {
      ...client,
      within: () => dying,
      create: async (object, options) => {
        const answer = await client.create(object, options);
        if (object['type'] === 'slipway.dev/release-part' && ++created === 1) throw new Error('killed');
        return answer;
      },
    };
    const request = requestFor(namespace, large());
    await expect(deploy(dying, request)).rejects.toThrow('killed');
    expect(await listReleases(client, request.identity)).toEqual([]);
    await client.delete({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace,
      name: 'slipway.shop.staging',
    });
    const { release } = await deploy(client, request);
    expect(release.number).toBe(1);
    expect((await readRelease(client, release, 1)).manifests).toHaveLength(4);
    const { identity } = request;
    await destroyFormation({
      client,
      clock,
      identity,
      holder: 'a',
      timeout: 5_000,
      signal: never,
      logger: silentLogger,
    });
    expect(Object.keys(await snapshotOf(client, namespace))).toEqual([]);
  });
});
