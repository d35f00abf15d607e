import type { Exec, SecretReference } from '@slipway/core';
import type { VaultSettings } from './vault/vault-settings.ts';

/** An open store, from which values are read. */
export interface SecretStore<Reference extends SecretReference> {
  /**
   * The value as the store keeps it.
   * @throws SlipwayError of this package, without the position in the config and without any value
   */
  read(reference: Reference): Promise<Uint8Array>;
  /** Ends what opening began, such as a login; nothing is read afterwards. */
  close?(): Promise<void>;
}

/** What stores are opened with: everything that comes from the step. */
export interface StoreSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths in inputs start here. */
  readonly workspace: string;
  /** Undefined where the step names no Vault. */
  readonly vault: VaultSettings | undefined;
  /** A file of the application by its path from the folder of slipway.yaml; undefined if it does not exist. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  readonly exec: Exec;
  /** GitHub's identity token of this job, for an audience. */
  readonly idToken: (audience: string) => Promise<string>;
  /** Called with every credential before it is used. */
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** What can be said about missing credentials before any file is read. */
export type Credentials = Pick<StoreSurroundings, 'environment' | 'vault'>;

export interface MissingCredentials {
  /** The input that the problem is reported for. */
  readonly input: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * Everything that Slipway knows about one kind of store. Adding a store means adding a branch to the config's schema in
 * packages/core, a row like this in a folder of its own, and one line in `stores.ts`.
 */
export interface SecretStoreKind<Reference extends SecretReference = SecretReference> {
  /** As messages call it. */
  readonly title: string;
  /** A line of the input `secrets`. */
  readonly example: string;
  /** Whether a line of `secrets` names one secret exactly, or may be a pattern of paths. */
  readonly linesAre: 'names' | 'patterns';
  /** What a reference names in the store, as a line of `secrets` names it. */
  addressOf(reference: Reference): string;
  /** How to give the step credentials, as a remedy. */
  readonly credentialsRemedy: string;
  /** Undefined if the step has what the store needs. */
  missingCredentials(credentials: Credentials): MissingCredentials | undefined;
  /** Undefined if the step has no credentials. Nothing is asked of the store before its first secret is read. */
  open(surroundings: StoreSurroundings): Promise<SecretStore<Reference> | undefined>;
}
