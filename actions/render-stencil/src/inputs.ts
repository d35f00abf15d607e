import { isDeploymentTag, type RecordKeys } from '@slipway/core';
import { type InputReader, readRecordKeys } from '@slipway/github';
import type { RenderingRequest, SnapshotSource } from '@slipway/render';

export interface Inputs {
  readonly request: RenderingRequest;
  /** The keys that snapshots in the registry must be signed with. */
  readonly recordKeys?: RecordKeys | undefined;
  /** Registries, as `host:port`, that are reached without TLS. */
  readonly plainHttpRegistries: readonly string[];
}

export function readInputs(reader: InputReader): Inputs {
  const snapshot = readSnapshotSource(reader);
  const [output, registry] = [reader.text('output'), reader.text('registry')];
  const recordKeys = readRecordKeys(reader);
  return {
    request: {
      application: reader.text('application') || 'slipway.yaml',
      formations: reader.list('formation'),
      destinations: reader.list('destination'),
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(output === '' ? {} : { output }),
      set: reader.pairs('set'),
      explain: reader.list('explain'),
      ...(registry === '' ? {} : { registry }),
    },
    ...(recordKeys === undefined ? {} : { recordKeys }),
    plainHttpRegistries: reader.list('plain-http-registries'),
  };
}

function readSnapshotSource(reader: InputReader): SnapshotSource | undefined {
  const text = reader.text('snapshot');
  if (text === '') return undefined;
  if (text.includes('/') || text.endsWith('.json')) return { path: text };
  if (!isDeploymentTag(text))
    reader.problem(
      'snapshot',
      'is neither a path nor a deployment tag',
      'use the output "snapshot" or "deployment-tag" of build-retag',
    );
  return { deploymentTag: text };
}
