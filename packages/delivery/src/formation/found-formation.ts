import type { ReleaseIdentity } from '@slipway/release';
import type { Checkout } from './checkout.ts';

/** A formation at a destination, which may have been released already. */
export interface FoundFormation {
  readonly identity: ReleaseIdentity;
  /** Absent without a checkout, and for what was taken out of it. */
  readonly checkout?: Checkout | undefined;
  /** What the checkout does not have any more, so that only a record in the cluster shows that it is meant. */
  readonly removed?: 'formation' | 'destination' | undefined;
}
