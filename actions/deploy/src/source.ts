import type { Destination, Formation, Release, Seal, Snapshot, SourceDocument } from '@slipway/core';
import type { Allow, ReleaseIdentity } from '@slipway/release';
import type { ManifestObject, Repository } from '@slipway/render';

/** What is to be deployed, wherever it came from. */
export interface Source {
  readonly identity: Omit<ReleaseIdentity, 'repository'>;
  readonly objects: readonly ManifestObject[];
  readonly seals: readonly Seal[];
  readonly snapshot?: Snapshot | undefined;
  readonly configRevision?: string | undefined;
  readonly digest?: string | undefined;
  readonly allow: Allow;
  readonly verify?: Release['verify'] | undefined;
  readonly policies: readonly SourceDocument[];
  readonly packs: readonly string[];
  /** For what render-stencil rendered: the files of this checkout, which say where secrets live and what must hold. */
  readonly checkout?: Checkout | undefined;
}

export interface Checkout {
  readonly repository: Repository;
  readonly formation: Formation;
  readonly destination: Destination;
}
