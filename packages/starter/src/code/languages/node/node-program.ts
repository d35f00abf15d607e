import type { ProgramFacts } from '../../facts/program-facts.ts';
import type { Framework } from './frameworks.ts';
import type { Manager } from './managers.ts';
import type { Manifest } from './manifest.ts';

/** A program whose dependencies are installed where the lock file is. */
export interface NodeProgram {
  readonly manifest: Manifest;
  readonly manager: Manager;
  readonly framework?: Framework;
  readonly facts: ProgramFacts;
  /** The workspace's folder, relative to the build's context; undefined if the program is in the context itself. */
  readonly workspace?: string;
  /** Every package.json of the workspaces, relative to the build's context. */
  readonly manifests: readonly string[];
}
