/** What sops gets to log in to one kind of key. */
export type Variables = Readonly<Record<string, string>>;

/** What identities are found in. */
export interface IdentitySource {
  /** The step's, without what `env=` lines of `secrets` name: those are secrets of the release. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. A file of the repository is never an identity. */
  readonly workspace: string;
}

/** The variables of these names that are set. */
export function pick(environment: IdentitySource['environment'], names: readonly string[]): Variables {
  return Object.fromEntries(
    names.flatMap(name => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
