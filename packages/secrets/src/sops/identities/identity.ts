import type { CloudIdentity } from '../../clouds/cloud-identity.ts';
import type { StoreSurroundings } from '../../store.ts';

/** What sops gets to log in to one kind of key. */
export type Variables = Readonly<Record<string, string>>;

/** Who sops is to one kind of key. */
export interface Identity {
  readonly variables: Variables;
  /** Who that is and where it comes from, for the log. */
  readonly source: string;
}

/** What identities are found in. A file of the repository is never one. */
export interface IdentitySource extends StoreSurroundings {
  /** What the input `cloud-identity` names. */
  readonly identity: CloudIdentity;
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
