import { setTimeout as sleep } from 'node:timers/promises';
import { type Held, type HoldingProxy, holdingProxy } from './holding-proxy.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RandomFaults extends HoldingProxy {
  /** Begins: until then, everything is passed on. */
  start(): void;
  /** Ends the cut, unless it ends by itself. */
  reconnect(): void;
  /** Ends them, and waits until nothing is kept any more. */
  finish(): Promise<void>;
  /** How often each fault happened. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface FaultTerms {
  readonly seed: number;
  /** Milliseconds that a lease lasts. */
  readonly lease: number;
  /** When the cut begins: at one of the first requests of all, or at a write or delete of an object, which waits for it to end. */
  readonly cutAt: 'any request' | 'an object';
}

/**
 * A proxy that delays requests and answers, loses them, breaks connections, and is cut off from the API server once, at random: for a
 * while, or until `reconnect` is called. A request that its sender has given up arrives at most a third of a lease later, or never: that is what the lock relies on.
 */
export async function randomFaults(
  kubeconfig: string,
  { seed, lease, cutAt }: FaultTerms,
): Promise<RandomFaults> {
  const random = randomFrom(seed);
  const counts: Record<string, number> = {};
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const cutAfter = Math.floor(random() * (cutAt === 'an object' ? 4 : 60));
  const cutFor =
    cutAt === 'an object' && random() < 0.7 ? Number.POSITIVE_INFINITY : lease * (0.3 + random() * 2);
  const cutBreaks = random() < 0.3;
  let [isOn, seen, cutUntil, renewed] = [false, 0, Number.NEGATIVE_INFINITY, performance.now()];
  const kept = new Set<Promise<unknown>>();

  const reconnected = Promise.withResolvers<void>();
  const reconnect = (): void => {
    cutUntil = Math.min(cutUntil, performance.now());
    reconnected.resolve();
  };
  const isCut = (): boolean => performance.now() < cutUntil;
  const isCutting = (held: Held): boolean =>
    isOn && (cutAt === 'any request' || isObjectWrite(held)) && seen++ === cutAfter;

  /** Delivers what its sender has given up just now: late, or never. The time is over with the lease, even if the sender was late. */
  const strand = async (held: Held): Promise<void> => {
    const now = performance.now();
    const until = Math.min(now + lease / 3, Math.max(now, renewed + lease));
    await sleep(random() * (until - now));
    const isDropped = random() < 0.4 || performance.now() > until;
    count(isDropped ? 'dropped' : 'arrived after it was given up');
    if (!isDropped) await held.forward();
  };
  /** Keeps a request or its answer for a time. @returns whether its sender still waits */
  const keep = async (held: Held, milliseconds: number): Promise<boolean> => {
    const stop = new AbortController();
    const passing = sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => {});
    await Promise.race([passing, held.givenUp]);
    stop.abort();
    return !held.isGivenUp;
  };
  /** Keeps it as long as the cut lasts. @returns whether its sender still waits */
  const waitOut = async (held: Held): Promise<boolean> => {
    const left = cutUntil - performance.now();
    if (!Number.isFinite(left)) {
      await Promise.race([reconnected.promise, held.givenUp]);
      return !held.isGivenUp;
    }
    return await keep(held, Math.max(0, left));
  };
  const pass = async (held: Held): Promise<void> => {
    const arrived = performance.now();
    const answer = await held.forward();
    if (isCut() && !(await waitOut(held))) return;
    const isRenewal = held.method !== 'GET' && held.url.includes('/leases');
    if (isRenewal && answer.status < 300) renewed = Math.max(renewed, arrived);
    held.answer(answer);
  };
  const passIf = async (held: Held, isWaitedFor: boolean): Promise<void> =>
    isWaitedFor ? await pass(held) : await strand(held);
  const breakOff = async (held: Held): Promise<void> => {
    held.break();
    await strand(held);
  };
  const faults: readonly (readonly [string, (held: Held) => Promise<void>])[] = [
    ['connection broken', breakOff],
    ['delayed', async held => passIf(held, await keep(held, random() * lease * 0.5))],
    [
      'answer lost',
      async held => {
        await held.forward();
        held.break();
      },
    ],
    [
      'answer delayed',
      async held => {
        const answer = await held.forward();
        if (await keep(held, random() * lease)) held.answer(answer);
      },
    ],
  ];
  const meet = async (held: Held): Promise<void> => {
    if (isCutting(held)) {
      count('cut off');
      cutUntil = performance.now() + cutFor;
    }
    if (isCut())
      return await (cutBreaks && random() < 0.5 ? breakOff(held) : passIf(held, await waitOut(held)));
    const fault = isOn ? faults[Math.floor(random() * faults.length * 10)] : undefined;
    if (fault === undefined) return await pass(held);
    count(fault[0]);
    await fault[1](held);
  };
  const proxy = await holdingProxy(kubeconfig, async held => {
    const work = meet(held).catch(() => held.break());
    kept.add(work);
    await work;
    kept.delete(work);
  });
  return {
    ...proxy,
    counts,
    reconnect,
    start() {
      isOn = true;
    },
    async finish() {
      isOn = false;
      reconnect();
      await Promise.all(kept);
    },
  };
}

function isObjectWrite({ method, url }: Held): boolean {
  return ['PATCH', 'DELETE'].includes(method) && url.includes('/configmaps/') && !url.includes('dryRun');
}
