import type { EnvironmentReference, SecretReference, SopsReference, VaultReference } from '@slipway/core';

/**
 * A place where secrets live. A cloud's secret manager is one more of these: a branch of the config's schema, an entry of
 * `SecretStores`, and a file that implements `read`.
 */
export interface SecretStore<Reference extends SecretReference> {
  /**
   * The value as it lives there.
   * @throws SlipwayError of this package, without the place in the config and without any value
   */
  read(reference: Reference): Promise<Uint8Array>;
  /** Gives back what opening cost, such as a login; nothing is read afterwards. */
  close?(): Promise<void>;
}

/** What the step can open; a store that is missing has no credentials. */
export interface SecretStores {
  readonly env: SecretStore<EnvironmentReference>;
  readonly sops?: SecretStore<SopsReference> | undefined;
  readonly vault?: SecretStore<VaultReference> | undefined;
}
