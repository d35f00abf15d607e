import { readRuleInputs } from '@slipway/action-kit';
import type { BaselineChoice, CheckManifestsRequest } from '@slipway/check';
import type { InputReader } from '@slipway/github';
import { KUBERNETES_VERSIONS, minorVersionOf, requirePacks } from '@slipway/policy';

export interface Inputs {
  /** Without the base commit, which comes from the event of the run. */
  readonly request: CheckManifestsRequest;
  /** For which pull request or branch the formation was spawned; empty for none. */
  readonly spawn: string;
  /** For GitHub's API; empty without one. */
  readonly token: string;
  /** Whether to keep a comment on the pull request. */
  readonly comment: boolean;
  /** Where to write findings as SARIF. */
  readonly sarif?: string;
  /** Where to write what was checked as JUnit tests. */
  readonly junit?: string;
}

export function readInputs(reader: InputReader): Inputs {
  reader.required('manifests');
  const [sarif, junit] = [reader.text('sarif'), reader.text('junit')];
  return {
    request: readRequest(reader),
    spawn: reader.text('spawn'),
    token: reader.text('token'),
    comment: reader.flag('comment', false),
    ...(sarif === '' ? {} : { sarif }),
    ...(junit === '' ? {} : { junit }),
  };
}

function readRequest(reader: InputReader): CheckManifestsRequest {
  return {
    manifests: reader.list('manifests'),
    application: reader.text('application') || 'slipway.yaml',
    formations: reader.list('formation'),
    destinations: reader.list('destination'),
    baseline: readBaseline(reader),
    ...readRuleInputs(reader, { KUBERNETES_VERSIONS, minorVersionOf, requirePacks }),
  };
}

function readBaseline(reader: InputReader): BaselineChoice {
  const name = reader.text('baseline');
  const [kubeconfig, context] = [reader.text('kubeconfig'), reader.text('context')];
  if (name === '') return { kind: 'base' };
  if (name === 'none') return { kind: 'none' };
  return name === 'cluster' ? { kind: 'cluster', kubeconfig, context } : { kind: 'path-or-revision', name };
}
