import type { SecretVersion } from '../store.ts';

/** What a store has for a name, whole. */
export interface StoredValue {
  readonly value: Uint8Array;
  readonly version: SecretVersion | undefined;
}
