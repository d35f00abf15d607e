import { isDeploymentTag, type RecordKeys } from '@slipway/core';
import { type InputReader, readRecordKeys } from '@slipway/github';

/** A file, or the tag that a registry knows the snapshot by. */
export type SnapshotInput = { readonly path: string } | { readonly deploymentTag: string };

export interface Inputs {
  /** Path of slipway.yaml, relative to the workspace. */
  readonly application: string;
  /** None for all. */
  readonly formations: readonly string[];
  /** None for all. */
  readonly destinations: readonly string[];
  readonly snapshot?: SnapshotInput;
  readonly output?: string;
  /** Values by word. */
  readonly set: Readonly<Record<string, string>>;
  /** Lines of the result to be told the origin of. */
  readonly explain: readonly string[];
  /** Instead of `spec.registry`. */
  readonly registry?: string;
  /** What snapshots of the registry have to be signed with. */
  readonly recordKeys?: RecordKeys | undefined;
  /** Registries, as `host:port`, that are spoken to without TLS. */
  readonly plainHttpRegistries: readonly string[];
}

export function readInputs(reader: InputReader): Inputs {
  const snapshot = readSnapshotInput(reader);
  const output = reader.text('output');
  const registry = reader.text('registry');
  const recordKeys = readRecordKeys(reader);
  return {
    application: reader.text('application') || 'slipway.yaml',
    formations: reader.list('formation'),
    destinations: reader.list('destination'),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(output === '' ? {} : { output }),
    set: reader.pairs('set'),
    explain: reader.list('explain'),
    ...(registry === '' ? {} : { registry }),
    ...(recordKeys === undefined ? {} : { recordKeys }),
    plainHttpRegistries: reader.list('plain-http-registries'),
  };
}

function readSnapshotInput(reader: InputReader): SnapshotInput | undefined {
  const text = reader.text('snapshot');
  if (text === '') return undefined;
  if (text.includes('/') || text.endsWith('.json')) return { path: text };
  if (!isDeploymentTag(text))
    reader.problem(
      'snapshot',
      'is neither a path nor a deployment tag',
      'give the output "snapshot" or "deployment-tag" of build-retag',
    );
  return { deploymentTag: text };
}
