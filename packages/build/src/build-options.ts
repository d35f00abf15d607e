import type { Exec } from '@slipway/core';
import type { BuildOutput } from './image-build.ts';
import type { BuildSecrets } from './secrets.ts';

export interface BuildOptions {
  readonly exec: Exec;
  /** The environment of this process, which configures the builder. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Registries, as host:port, that are used without TLS. */
  readonly plainHttpRegistries: readonly string[];
  readonly secrets: BuildSecrets;
  /** Where a folder for secrets and metadata is created; it is removed at the end. */
  readonly temporaryDirectory: string;
  /** Called for each line of the builder's log. */
  readonly onLine: (line: string) => void;
  /** Pushes an image from a folder in OCI's layout by its digest, for a builder that cannot. */
  readonly pushLayout: (layout: string, digest: string, repository: string) => Promise<void>;
}

/** The options of one build. */
export interface RunOptions extends BuildOptions {
  readonly directory: string;
  readonly output: BuildOutput;
}
