import { type RegistryInputs, readConfigChoice, readRegistryInputs } from '@slipway/action-kit';
import { defined, isDeploymentTag } from '@slipway/core';
import type { InputReader } from '@slipway/github';
import type { RenderingRequest, SnapshotSource } from '@slipway/render';

export interface Inputs extends RegistryInputs {
  readonly request: RenderingRequest;
  /** For which pull request or branch a formation is spawned; empty for none. */
  readonly spawn: string;
  /** For GitHub's API; empty without one. */
  readonly token: string;
  /** The targets that the workflow was written for; none where it does not say. */
  readonly expectedWaves: readonly string[];
}

export function readInputs(reader: InputReader): Inputs {
  const snapshot = readSnapshotSource(reader);
  const [output, registry] = [reader.text('output'), reader.text('registry')];
  return {
    request: {
      application: reader.text('application') || 'slipway.yaml',
      formations: reader.list('formation'),
      destinations: reader.list('destination'),
      ...defined({ snapshot }),
      ...(output === '' ? {} : { output }),
      set: reader.pairs('set'),
      explain: reader.list('explain'),
      ...(registry === '' ? {} : { registry }),
      ...defined({ config: readConfigChoice(reader) }),
    },
    spawn: reader.text('spawn'),
    token: reader.text('token'),
    expectedWaves: reader.list('expected-waves'),
    ...readRegistryInputs(reader),
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
