import type { Release } from '@slipway/core';

/** How a run has left a release in steps. */
export type Driven =
  /** It is closed; `before` says that it was so already. */
  | {
      readonly ended: 'closed';
      readonly release: Release;
      readonly verdict: Release['verdict'];
      readonly before: boolean;
    }
  | {
      readonly ended: 'open';
      readonly release: Release;
      readonly waitingFor: string;
      readonly says: string;
      /** By the API server's clock. */
      readonly now: Date;
    }
  | { readonly ended: 'refused'; readonly release: Release; readonly why: string; readonly remedy: string }
  /** It does not wait for what the run was to be for. */
  | { readonly ended: 'not-awaited'; readonly release: Release };
