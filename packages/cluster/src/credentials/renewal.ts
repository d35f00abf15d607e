import type { ExecCredential } from './exec-credential.ts';

/** Milliseconds before its end when a credential is renewed, so that none expires on its way. */
const EARLY = 30_000;
/** Milliseconds between two attempts, for a plugin that prints what it printed before until that has expired. */
const PAUSE = 1_000;

export interface RenewedCredential {
  get(): Promise<ExecCredential>;
  /** Milliseconds since 1970 from which `get` asks the plugin again. */
  renewAt(): number;
}

interface Renewing {
  readonly run: () => Promise<ExecCredential>;
  readonly now: () => number;
  /** Told that the plugin failed, while what it printed before is still good. */
  readonly kept: (error: unknown, until: number) => void;
}

/** One credential that is renewed before it expires. Without a time of its end it is kept until the cluster refuses it. */
export function renewedCredential({ run, now, kept }: Renewing): RenewedCredential {
  let current: ExecCredential | undefined;
  let next = 0;
  return {
    renewAt: () => next,
    async get() {
      if (current !== undefined && now() < next) return current;
      try {
        current = await run();
      } catch (error) {
        const until = current?.expires ?? 0;
        if (current === undefined || now() >= until) throw error;
        kept(error, until);
      }
      next = renewalOf(current, now());
      return current;
    },
  };
}

/** Half a minute before the end, or later for one that is short: after three quarters of its life. */
function renewalOf({ expires }: ExecCredential, now: number): number {
  if (expires === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(now + PAUSE, expires - Math.min(EARLY, (expires - now) / 4));
}
