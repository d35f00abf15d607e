import type { Exec, Logger, SecretReference } from '@slipway/core';
import type { SopsKeyWord } from './sops/key-kinds.ts';

/** What the config's `from` and a line of the input `secrets` call a store. */
export type StoreName = SecretReference['from'];
export type ReferenceTo<Name extends StoreName> = Extract<SecretReference, { readonly from: Name }>;

/** What a step may read, because its workflow says so; files of the repository cannot add to it. */
export interface SecretAllowance {
  /** A store, or a kind of key that SOPS files may be opened with. */
  readonly store: StoreName | SopsKeyWord;
  /** One name exactly, or a pattern of paths, depending on the store; of a key the one way to write its name. */
  readonly name: string;
}

/** Which version of a secret a store has, as far as it tells. */
export interface SecretVersion {
  /** What tells it from another version; never the value, nor anything that it could be guessed by. */
  readonly id?: string;
  /** Since when the store has it, RFC 3339. */
  readonly since?: string;
  /** Seconds after which the store takes it back at the latest, for one that it lends. */
  readonly lasts?: number;
}

/** An open store, from which values are read. */
export interface SecretStore<Reference extends SecretReference> {
  /**
   * The value as the store keeps it.
   * @throws SlipwayError of this package, without the position in the config and without any value
   */
  read(reference: Reference): Promise<Uint8Array>;
  /**
   * The version that `read` returns, or would return; undefined if the store tells none. Absent for stores that never do.
   * @throws as `read` does
   */
  versionOf?(reference: Reference): Promise<SecretVersion | undefined>;
  /** Ends what opening began, such as a login; nothing is read afterwards. */
  close?(): Promise<void>;
}

/** What stores are opened with: everything that comes from the step. */
export interface StoreSurroundings {
  /** The step's, without what `env=` lines name; the folders of its PATH are outside of the workspace. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths in inputs start here. */
  readonly workspace: string;
  /** A file of the application by its path from the folder of slipway.yaml; undefined if it does not exist. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  readonly exec: Exec;
  /** GitHub's identity token of this job, for an audience. */
  readonly idToken: (audience: string) => Promise<string>;
  /** Called with every credential before it is used. */
  readonly mask: (secret: string) => void;
  /** Told once who a store is asked as. */
  readonly logger: Pick<Logger, 'info' | 'warning'>;
  readonly signal: AbortSignal;
}

/** How a store reads the inputs that are its settings. A problem is reported for the input that has it. */
export interface SettingsReader {
  /** The step's, without what `env=` lines name. */
  readonly environment: StoreSurroundings['environment'];
  /** The variables that `env=` lines name: secrets of the release, which log in nowhere and which no program gets. */
  readonly released: StoreSurroundings['environment'];
  /** What the input `secrets` lists. */
  readonly allowances: readonly SecretAllowance[];
  /** Empty if the input is absent. */
  text(input: string): string;
  problem(input: string, message: string, remedy: string): void;
  /** What `parse` makes of an input's text; undefined if it throws, which is a problem with its own code. */
  parse<Result>(input: string, parse: () => Result): Result | undefined;
}

/**
 * Everything that Slipway knows about one kind of store. Adding a store means adding a branch to the config's schema in
 * packages/core, a row like this in a folder of its own, and one line in `stores.ts`; its inputs in the action.yml of deploy, and its
 * page in docs/secrets.md.
 */
export interface SecretStoreKind<Reference extends SecretReference = SecretReference, Settings = unknown> {
  /** As messages call it. */
  readonly title: string;
  /** A line of the input `secrets`. */
  readonly example: string;
  /** Whether a line of `secrets` names one secret exactly, or may be a pattern of paths. */
  readonly linesAre: 'names' | 'patterns';
  /** What is wrong with a pattern, as what the input "secrets" has; for a store whose paths have parts of their own. */
  refuseLine?(pattern: string): string | undefined;
  /** What a reference names in the store, as a line of `secrets` names it. */
  addressOf(reference: Reference): string;
  /** The variables that the store logs in with, if the step sets them. */
  readonly credentials: readonly string[];
  /** How to give the step credentials, as a remedy. */
  readonly credentialsRemedy: string;
  /**
   * What the step says of the store, besides its environment. Reports what is wrong with it, and what is missing of the credentials,
   * before any file is read.
   * @param isNeeded whether the run opens secrets and may read some of this store
   */
  readSettings(reader: SettingsReader, isNeeded: boolean): Settings;
  /** Undefined if the step has no credentials. Nothing is asked of the store before its first secret is read. */
  open(surroundings: StoreSurroundings, settings: Settings): Promise<SecretStore<Reference> | undefined>;
}
