import type {
  ChosenPack,
  Position,
  Release,
  Seal,
  Snapshot,
  SourceDocument,
  StepStrategy,
} from '@slipway/core';
import type { Allow, ReleaseIdentity } from '@slipway/release';
import type { ManifestObject } from '@slipway/render';
import type { Checkout } from '../formation/checkout.ts';

/** What a destination is to hold, and everything that was said about it. */
export interface DesiredState {
  readonly identity: ReleaseIdentity;
  readonly objects: readonly ManifestObject[];
  readonly seals: readonly Seal[];
  readonly snapshot?: Snapshot | undefined;
  readonly configRevision?: string | undefined;
  /** The commits of shared folders that are checkouts themselves, by folder. */
  readonly sharedRevisions?: Release['sharedRevisions'];
  /** The words whose values the rendering was given. */
  readonly set?: Release['set'];
  readonly digest?: string | undefined;
  readonly allow: Allow;
  readonly verify?: Release['verify'] | undefined;
  /** How its releases reach their users in steps; undefined where they do not. */
  readonly strategy?: StepStrategy | undefined;
  /** The position of a field of the strategy, by its RFC 6901 pointer, in the file that has it. */
  strategyAt?(pointer: string): Position | undefined;
  readonly policies: readonly SourceDocument[];
  readonly packs: readonly ChosenPack[];
  /** The files that a rendered tree was held against; undefined for plain manifests. */
  readonly checkout?: Checkout | undefined;
}
