import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect, createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { type LockOptions, withLock } from '../src/records/lock.ts';
import { clock, never } from './fixture.ts';
import { type Held, holdingProxy, passOn } from './holding-proxy.ts';

/** Milliseconds; everything else about a lock is a fraction of it. */
const LEASE = 3_000;
/** For a run that must keep its lock: two thirds of it are longer than a busy machine makes a program wait. */
const KEPT_LEASE = 18_000;

const cluster = useCluster();

const direct = useClient(() => cluster.kubeconfig);

const configMapOf = (namespace: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  name,
});
const dataOf = async (namespace: string, name: string) =>
  (await direct.get(configMapOf(namespace, name)))?.['data'];

const leasesIn = async (namespace: string): Promise<readonly KubernetesObject[]> =>
  (await direct.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace })).items;

function lockOptions(client: ClusterClient, namespace: string, leaseDuration = LEASE): LockOptions {
  const { identity: owner } = requestFor(namespace, []);
  const common = { clock, signal: never, logger: silentLogger };
  return { ...common, client, owner, holder: 'a run', timeout: 60_000, leaseDuration };
}

/** A client through a proxy that handles requests from now on. */
async function through(handle: (held: Held) => Promise<void>) {
  let isReady = false;
  const proxy = await holdingProxy(cluster.kubeconfig, held => (isReady ? handle(held) : passOn(held)));
  const client = await connect(proxy.kubeconfig);
  isReady = true;
  return {
    client,
    end() {
      client.close();
      proxy.close();
    },
  };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { code?: unknown }) => error.code,
  );

const isRenewal = ({ method, url }: Held): boolean => method === 'PUT' && url.includes('/leases/');
const isLease = ({ url }: Held): boolean => url.includes('/leases');

describe('a run that loses its lock', () => {
  it.each([
    ['changes', 'second'],
    ['finds as it should be', '0'],
  ])(
    'gives up a write before another run can take the lock, and it does not land later on what that run %s',
    async (what, v) => {
      const namespace = await createNamespace(direct, `lock-late-${what.split(' ')[0]}`);
      await deploy(direct, requestFor(namespace, [configMap('a', { v: '0' })]));
      const events: string[] = [];
      const caught = Promise.withResolvers<Held>();
      let isCut = false;
      const { client, end } = await through(async held => {
        if (held.method === 'PATCH' && held.url.includes('/configmaps/a') && !held.url.includes('dryRun')) {
          isCut = true;
          void held.givenUp.then(() => events.push('given up'));
          caught.resolve(held);
          return;
        }
        if (!isCut) await passOn(held);
      });
      const first = codeOf(
        deploy(client, requestFor(namespace, [configMap('a', { v: 'first' })]), undefined, {
          leaseDuration: LEASE,
        }),
      );
      const late = await caught.promise;
      const { release } = await deploy(direct, requestFor(namespace, [configMap('a', { v })]), undefined, {
        leaseDuration: LEASE,
        lockTimeout: 60_000,
        onRecorded: () => events.push('second run writes'),
      });
      expect(await first).toBe('lock-lost');
      expect(events).toEqual(['given up', 'second run writes']);
      expect((await late.forward()).status).toBe(409);
      expect(await dataOf(namespace, 'a')).toEqual({ v });
      expect(release.applied).toBeDefined();
      end();
    },
  );

  it('sends nothing more between two attempts', async () => {
    const namespace = await createNamespace(direct, 'lock-between');
    let [isCut, attempts] = [false, 0];
    const { client, end } = await through(async held => {
      if (held.method === 'GET' && held.url.includes('/configmaps/x')) {
        isCut = true;
        attempts += 1;
        return held.break();
      }
      if (!isCut) await passOn(held);
      else if (isLease(held)) held.break();
    });
    const reading = withLock(lockOptions(client, namespace), locked =>
      locked.get(configMapOf(namespace, 'x')),
    );
    expect(await codeOf(reading)).toBe('lock-lost');
    const before = attempts;
    await withLock(lockOptions(direct, namespace), async () => {});
    expect(attempts).toBe(before);
    end();
  });

  it('counts from the sending of a renewal, not from its answer', async () => {
    const namespace = await createNamespace(direct, 'lock-slow-answers');
    const { client, end } = await through(async held => {
      if (!isRenewal(held)) return await passOn(held);
      const answer = await held.forward();
      await held.givenUp;
      held.answer(answer);
    });
    const running = withLock(lockOptions(client, namespace), async locked => {
      for (;;) {
        await locked.get(configMapOf(namespace, 'x'));
        await new Promise(done => setTimeout(done, 20));
      }
    });
    expect(await codeOf(running)).toBe('lock-lost');
    end();
  });

  it('ends at once when another has the Lease, or it is gone', async () => {
    const namespace = await createNamespace(direct, 'lock-taken');
    for (const [what, act] of [
      [
        'taken over by "another"',
        async (lease: KubernetesObject) =>
          void (await direct.update({ ...lease, spec: { holderIdentity: 'another' } })),
      ],
      [
        'was deleted',
        async ({ metadata }: KubernetesObject) =>
          direct.delete({
            apiVersion: 'coordination.k8s.io/v1',
            kind: 'Lease',
            namespace,
            name: metadata.name,
          }),
      ],
    ] as const) {
      const running = withLock(lockOptions(direct, namespace, KEPT_LEASE), async locked => {
        const [lease] = await leasesIn(namespace);
        if (lease !== undefined) await act(lease);
        for (;;) {
          await locked.get(configMapOf(namespace, 'x'));
          await new Promise(done => setTimeout(done, 20));
        }
      });
      await expect(running).rejects.toThrow(what);
    }
  });
});

describe('a run that is alone', () => {
  it.each<[string, (held: Held) => boolean]>([
    ['the answer to a renewal', isRenewal],
    ['the answer to taking the lock', held => held.method === 'POST' && isLease(held)],
    ['the answer to releasing it', held => held.method === 'DELETE' && isLease(held)],
  ])('goes on and releases its lock although %s is lost', async (what, isHit) => {
    const namespace = await createNamespace(
      direct,
      `lock-${what.split(' ').at(-1) ?? ''}-lost`.replace('it-', 'releasing-'),
    );
    let [lost, renewals] = [0, 0];
    const { client, end } = await through(async held => {
      const answer = await held.forward();
      if (isHit(held) && lost++ === 0) return held.break();
      if (isRenewal(held) && answer.status === 200) renewals += 1;
      held.answer(answer);
    });
    await withLock(lockOptions(client, namespace, KEPT_LEASE), async locked => {
      for (const enough = renewals + 2; renewals < enough; ) {
        await locked.get(configMapOf(namespace, 'x'));
        await new Promise(done => setTimeout(done, 20));
      }
    });
    expect(lost).toBeGreaterThan(0);
    expect(await leasesIn(namespace)).toEqual([]);
    end();
  });

  it('keeps the lock until a write without an answer can no longer arrive', async () => {
    const namespace = await createNamespace(direct, 'lock-kept');
    let isBroken = false;
    const { client, end } = await through(async held => {
      if (held.method === 'POST' && held.url.includes('/configmaps')) {
        isBroken = true;
        return held.break();
      }
      await passOn(held);
    });
    const kept: string[] = [];
    const logger = { ...silentLogger, info: (text: string) => void kept.push(text) };
    const writing = withLock({ ...lockOptions(client, namespace), logger }, locked =>
      locked.create({ ...configMapOf(namespace, 'x'), metadata: { name: 'x', namespace } }),
    );
    expect(await codeOf(writing)).toBe('cluster-unreachable');
    expect(isBroken).toBe(true);
    expect(kept).toEqual([expect.stringMatching(/^The lock is kept for .* may still arrive$/)]);
    expect(await leasesIn(namespace)).toEqual([]);
    end();
  });
});

describe('a delete', () => {
  it('of an object that has changed since it was looked at is refused, and the object is looked at again', async () => {
    const namespace = await createNamespace(direct, 'lock-late-delete');
    const both = [configMap('a', { v: '0' }), configMap('b', { v: '0' })];
    await deploy(direct, requestFor(namespace, both));
    const deletes: Held[] = [];
    const { client, end } = await through(async held => {
      const isPrune = held.method === 'DELETE' && held.url.includes('/configmaps/b');
      if (isPrune && deletes.push(held) === 1)
        await direct.patch(configMapOf(namespace, 'b'), { metadata: { annotations: { touched: 'yes' } } });
      await passOn(held);
    });
    await deploy(client, requestFor(namespace, both.slice(0, 1), { prune: 'now' }));
    expect(deletes).toHaveLength(2);
    expect(await direct.get(configMapOf(namespace, 'b'))).toBeUndefined();
    await deploy(direct, requestFor(namespace, both));
    expect((await deletes[1]?.forward())?.status).toBe(409);
    expect(await dataOf(namespace, 'b')).toEqual({ v: '0' });
    end();
  });
});
