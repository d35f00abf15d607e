import type { Application, Formation, SourceDocument } from '@slipway/core';
import type { YamlDocument } from '@slipway/yaml';
import type { AddressTable } from '../values/address-table.ts';
import type { ConfigValue, SecretEntry } from '../values/config-entries.ts';

/** A formation with the document that says where its fields stand. */
export interface FormationFile {
  readonly formation: Formation;
  readonly document: YamlDocument;
}

/** All of an application's files, read and checked; nothing more is read to render it. */
export interface Repository {
  /** The folder of slipway.yaml, relative to the workspace; empty for the workspace itself. */
  readonly directory: string;
  readonly application: Application;
  readonly formations: ReadonlyMap<string, Formation>;
  readonly formationFiles: ReadonlyMap<string, FormationFile>;
  /** Every document of stencils/, in the order of the files. */
  readonly stencils: readonly YamlDocument[];
  readonly values: AddressTable<ConfigValue>;
  readonly secrets: AddressTable<SecretEntry>;
  /** Every document of policies/. */
  readonly policies: readonly SourceDocument[];
  /** The CustomResourceDefinitions among the stencils. */
  readonly crds: readonly SourceDocument[];
}
