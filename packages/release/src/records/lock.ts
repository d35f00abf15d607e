import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import {
  type Clock,
  defined,
  formatDuration,
  isJsonObject,
  type Logger,
  quote,
  SlipwayError,
} from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { ownerName } from '../names.ts';
import type { RecordOwner } from './records.ts';

const LEASE_DURATION = 30_000;
const RENEW_EVERY = 10_000;
/** A holder that could not renew for this long sends no more requests; those under way have the rest of the lease. */
const GIVE_UP_AFTER = 20_000;
const LOOK_EVERY = 1_000;

export interface LockOptions {
  readonly client: ClusterClient;
  readonly owner: RecordOwner;
  /** Who holds it, for messages: the run's address. */
  readonly holder: string;
  /** Milliseconds to wait for another holder. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Runs `work` while holding the formation's Lease. The client that `work` gets refuses to write once the lock is lost; `waited` says
 * whether another run held the lock first.
 * @throws SlipwayError `lock-timeout`, `lock-lost`
 */
export async function withLock<Result>(
  options: LockOptions,
  work: (client: ClusterClient, waited: boolean) => Promise<Result>,
): Promise<Result> {
  const { lease, waited } = await acquire(options);
  const state = { lease, renewed: options.clock().getTime() };
  const stop = new AbortController();
  const renewing = keepRenewing(options, state, stop.signal);
  const now = (): number => options.clock().getTime();
  try {
    return await work(
      guarded(options.client, () => now() - state.renewed < GIVE_UP_AFTER),
      waited,
    );
  } finally {
    stop.abort();
    await renewing;
    await release(options, state.lease);
  }
}

async function acquire(
  options: LockOptions,
): Promise<{ readonly lease: KubernetesObject; readonly waited: boolean }> {
  const { client, owner, clock, signal, logger } = options;
  const started = clock().getTime();
  // Clocks of runners differ, so only the time counts for which this run has seen no change.
  let seen = { version: '', at: started };
  for (let waited = false; ; waited = true) {
    const live = await client.get(leaseReference(owner));
    const now = clock().getTime();
    const version = String(live?.metadata['resourceVersion'] ?? '');
    if (version !== seen.version) seen = { version, at: now };
    if (live === undefined || holderOf(live) === '' || now - seen.at >= LEASE_DURATION) {
      const taken = await take(options, live);
      if (taken !== undefined) return { lease: taken, waited };
      continue;
    }
    if (now - started >= options.timeout) throw lockTimedOut(options, live);
    if (seen.at === now) logger.info(`Waiting for the lock, held by ${quote(holderOf(live))}`);
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

/** The taken Lease; undefined if another run was faster. */
async function take(
  { client, owner, holder, clock }: LockOptions,
  live: KubernetesObject | undefined,
): Promise<KubernetesObject | undefined> {
  const lease = leaseOf(owner, holder, clock(), live);
  try {
    return live === undefined ? await client.create(lease) : await client.update(lease);
  } catch (error) {
    const faster = ['cluster-exists', 'cluster-conflict', 'cluster-not-found'];
    if (error instanceof SlipwayError && faster.includes(error.code)) return undefined;
    throw error;
  }
}

function leaseOf(
  owner: RecordOwner,
  holder: string,
  now: Date,
  live: KubernetesObject | undefined,
): KubernetesObject {
  // Times of a Lease have microseconds.
  const time = now.toISOString().replace(/Z$/, '000Z');
  const { apiVersion, kind, name, namespace } = leaseReference(owner);
  return {
    apiVersion,
    kind,
    metadata: { ...live?.metadata, name, ...defined({ namespace }) },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: LEASE_DURATION / 1000,
      acquireTime: time,
      renewTime: time,
    },
  };
}

async function keepRenewing(
  options: LockOptions,
  state: { lease: KubernetesObject; renewed: number },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(RENEW_EVERY, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      const renewTime = options.clock().toISOString().replace(/Z$/, '000Z');
      const spec = state.lease['spec'];
      state.lease = await options.client.update({
        ...state.lease,
        spec: { ...(isJsonObject(spec) ? spec : {}), renewTime },
      });
      state.renewed = options.clock().getTime();
    } catch (error) {
      options.logger.debug(`The lock could not be renewed: ${String(error)}`);
    }
  }
}

/** Deletes the Lease, unless another run has taken it over. */
async function release({ client, logger }: LockOptions, lease: KubernetesObject): Promise<void> {
  const { uid, resourceVersion, name, namespace } = lease.metadata;
  const reference = { apiVersion: lease.apiVersion, kind: lease.kind, name, namespace: String(namespace) };
  try {
    await client.delete(reference, { uid: String(uid), resourceVersion: String(resourceVersion) });
  } catch (error) {
    logger.debug(`The lock could not be released and will expire: ${String(error)}`);
  }
}

/** The client, whose methods refuse to write once the lock is lost. */
function guarded(client: ClusterClient, isHeld: () => boolean): ClusterClient {
  const check = (): void => {
    if (isHeld()) return;
    throw new SlipwayError<ReleaseErrorCode>({
      code: 'lock-lost',
      message: `the lock could not be renewed for ${formatDuration(GIVE_UP_AFTER)}, so nothing more is written`,
      remedy: 'run again',
    });
  };
  const guard =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      check();
      return await method(...args);
    };
  return {
    ...client,
    apply: guard(client.apply),
    create: guard(client.create),
    update: guard(client.update),
    patch: guard(client.patch),
    delete: guard(client.delete),
  };
}

function holderOf(lease: KubernetesObject): string {
  const spec = lease['spec'];
  const holder = isJsonObject(spec) ? spec['holderIdentity'] : undefined;
  return typeof holder === 'string' ? holder : '';
}

function lockTimedOut(
  { timeout, owner }: LockOptions,
  lease: KubernetesObject,
): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'lock-timeout',
    message: `${owner.application}/${owner.formation} has been locked by ${quote(holderOf(lease))} for longer than ${formatDuration(timeout)}`,
    remedy: 'wait for that run, or raise lock-timeout',
  });
}

function leaseReference(owner: RecordOwner): ObjectReference {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: owner.namespace,
    name: ownerName(owner),
  };
}
