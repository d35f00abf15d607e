import type { Application, Formation, SourceDocument, SpawnBlock } from '@slipway/core';
import type { YamlDocument } from '@slipway/yaml';
import type { AddressTable } from '../values/address-table.ts';
import type { ConfigValue, SecretEntry } from '../values/config-entries.ts';

/** A formation with the document that knows the positions of its fields. */
export interface FormationFile {
  /** Merged with its bases. */
  readonly formation: Formation;
  readonly document: YamlDocument;
  /** The formation that it extends, the one that that extends, and so on. */
  readonly bases: readonly FormationFile[];
  /** The file that says where the destinations are, if that is another one than `document`, as in a promotion. */
  readonly destinationsDocument?: YamlDocument;
}

/** A formation's files in the order in which they apply: the furthest base first, its own last. */
export function layersOf(file: FormationFile): readonly FormationFile[] {
  return [...file.bases.toReversed(), file];
}

/** The formation that a formation is an instance of, and its key. */
export interface Spawned {
  readonly from: string;
  readonly key: string;
  readonly block: SpawnBlock;
}

/** All files of an application, read and checked; rendering reads no others. */
export interface Repository {
  /** The folder of slipway.yaml, relative to the workspace; empty for the workspace itself. */
  readonly directory: string;
  /** The folders of `spec.paths`, relative to the workspace. */
  readonly sharedDirectories: readonly string[];
  readonly application: Application;
  /** Those that have destinations; the others exist to be extended. */
  readonly formations: ReadonlyMap<string, Formation>;
  readonly formationFiles: ReadonlyMap<string, FormationFile>;
  /** Those of which there are instances only, which `spawn` adds to the others. */
  readonly spawning: ReadonlyMap<string, FormationFile>;
  /** The instances among the formations, by their names; absent where there are none. */
  readonly spawned?: ReadonlyMap<string, Spawned>;
  /** Every document of stencils/, in the order of the files; then those of shared folders. */
  readonly stencils: readonly YamlDocument[];
  readonly values: AddressTable<ConfigValue>;
  readonly secrets: AddressTable<SecretEntry>;
  /** Every document of policies/, those of shared folders as well. */
  readonly policies: readonly SourceDocument[];
  /** The CustomResourceDefinitions among the stencils. */
  readonly crds: readonly SourceDocument[];
}
