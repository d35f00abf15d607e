import { describe, expect, it } from '@jest/globals';
import { type Logger, SlipwayError, silentLogger } from '@slipway/core';
import { annotationOf, LOCK_WANTED } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { requestFor } from '@slipway/testkit/releases';
import { leaseReference } from '../src/records/lease.ts';
import { type LockOptions, type TakenLock, withLock } from '../src/records/lock.ts';
import { clock, never } from './fixture.ts';

/** Milliseconds; everything else about a lock is a fraction of it. Two thirds are longer than a busy machine makes a program wait. */
const LEASE = 12_000;

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const ownerIn = (namespace: string) => requestFor(namespace, []).identity;

function options(namespace: string, changes: Partial<LockOptions> = {}): LockOptions {
  const common = { client, clock, signal: never, logger: silentLogger, leaseDuration: LEASE };
  return { ...common, owner: ownerIn(namespace), holder: 'a run', timeout: 60_000, ...changes };
}

const rollback = (namespace: string, changes: Partial<LockOptions> = {}): LockOptions =>
  options(namespace, { holder: 'another run', wantedBy: 'a rollback by alice', ...changes });

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof SlipwayError ? error.code : String(error)),
  );

const requestIn = async (namespace: string): Promise<string | undefined> => {
  const lease = await client.get(leaseReference(ownerIn(namespace)));
  return lease && annotationOf(lease, LOCK_WANTED);
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_done, fail) => signal.addEventListener('abort', () => fail(signal.reason), { once: true }));

/** A run that holds the lock until `work` is done, and what it noted in the order in which it happened. */
async function holding(
  namespace: string,
  work: (taken: TakenLock, events: string[]) => Promise<unknown>,
): Promise<{ readonly running: Promise<unknown>; readonly events: string[] }> {
  const [held, events] = [Promise.withResolvers<void>(), [] as string[]];
  const running = withLock(options(namespace), async (_client, taken) => {
    held.resolve();
    try {
      return await work(taken, events);
    } finally {
      events.push('ended');
    }
  });
  void running.catch(() => {});
  await held.promise;
  return { running, events };
}

describe('a rollback that asks for the lock', () => {
  it('gets it from a run that only waits, once that has ended and freed it', async () => {
    const namespace = await createNamespace(client, 'standby-waits');
    const { running, events } = await holding(namespace, ({ standby }) =>
      standby.whileWaiting(never, aborted),
    );
    const taken = await withLock(rollback(namespace), async (_client, { waited, takenOver }) => {
      events.push('rollback');
      return { waited, takenOver, request: await requestIn(namespace) };
    });
    expect(await codeOf(running)).toBe('deploy-superseded');
    expect(events).toEqual(['ended', 'rollback']);
    expect(taken).toEqual({ waited: true, takenOver: false, request: undefined });
  });

  it('waits for what is being written, and goes before what would be waited for next', async () => {
    const namespace = await createNamespace(client, 'standby-writes');
    const written = Promise.withResolvers<void>();
    const { running, events } = await holding(namespace, async ({ standby }, noted) => {
      await written.promise;
      noted.push('written');
      await standby.whileWaiting(never, async () => noted.push('waited'));
    });
    const taking = withLock(rollback(namespace), async () => events.push('rollback'));
    await until(async () => (await requestIn(namespace)) !== undefined);
    // Two renewals later the holder has certainly seen it.
    const renewed = async () =>
      JSON.stringify((await client.get(leaseReference(ownerIn(namespace))))?.['spec'] ?? null);
    for (let [count, before] = [0, await renewed()]; count < 2; ) {
      await until(async () => (await renewed()) !== before);
      before = await renewed();
      count += 1;
    }
    expect(events).toEqual([]);
    written.resolve();
    await taking;
    expect(await codeOf(running)).toBe('deploy-superseded');
    expect(events).toEqual(['written', 'ended', 'rollback']);
  });

  it('takes its request back when it gives up, and then the run waits on', async () => {
    const namespace = await createNamespace(client, 'standby-withdrawn');
    const proceed = Promise.withResolvers<void>();
    const { running } = await holding(namespace, async ({ standby }) => {
      await proceed.promise;
      await standby.whileWaiting(never, async () => {});
    });
    expect(await codeOf(withLock(rollback(namespace, { timeout: 200 }), async () => {}))).toBe(
      'lock-timeout',
    );
    expect(await requestIn(namespace)).toBeUndefined();
    const before = JSON.stringify((await client.get(leaseReference(ownerIn(namespace))))?.['spec']);
    await until(
      async () => JSON.stringify((await client.get(leaseReference(ownerIn(namespace))))?.['spec']) !== before,
    );
    proceed.resolve();
    expect(await codeOf(running)).toBe('none');
  });

  it('leaves none to whoever takes the lock after a run that died', async () => {
    const namespace = await createNamespace(client, 'standby-stale');
    const { apiVersion, kind, name } = leaseReference(ownerIn(namespace));
    const annotations = { [LOCK_WANTED]: 'a rollback by bob#0123456789abcdef' };
    await client.create({ apiVersion, kind, metadata: { name, namespace, annotations }, spec: {} });
    const done = await withLock(options(namespace), (_client, { standby }) =>
      standby.whileWaiting(never, async () => 'waited'),
    );
    expect(done).toBe('waited');
  });

  it('does not make others wait longer for a lock whose holder died', async () => {
    const namespace = await createNamespace(client, 'standby-dead');
    const { apiVersion, kind, name } = leaseReference(ownerIn(namespace));
    const spec = { holderIdentity: 'a run that died', leaseDurationSeconds: 3 };
    await client.create({ apiVersion, kind, metadata: { name, namespace }, spec });
    const messages: string[] = [];
    const logger: Logger = { ...silentLogger, info: text => messages.push(text) };
    const taken = await withLock(
      rollback(namespace, { logger }),
      async (_client, { takenOver }) => takenOver,
    );
    expect(taken).toBe(true);
    // Asking changes the version, and is not taken for a sign of life.
    expect(messages).toEqual(['Waiting for the lock, held by "a run that died"']);
  });

  it('is not needed by a run that does not ask, and then no one gives way', async () => {
    const namespace = await createNamespace(client, 'standby-others');
    let isRefused = false;
    const { running } = await holding(namespace, ({ standby }) =>
      standby.whileWaiting(never, signal => Promise.race([aborted(signal), until(async () => isRefused)])),
    );
    expect(await codeOf(withLock(options(namespace, { timeout: 2_000 }), async () => {}))).toBe(
      'lock-timeout',
    );
    isRefused = true;
    expect(await codeOf(running)).toBe('none');
  });
});
