import type { InputReader } from '@slipway/github';
import { KUBERNETES_VERSIONS } from '@slipway/policy';

export type FailOn = 'error' | 'warning';

export interface Inputs {
  /** A rendered tree, or plain files, folders and globs. */
  readonly manifests: readonly string[];
  /** Path of slipway.yaml, relative to the workspace; where a rendered tree's policies are. */
  readonly application: string;
  /** None for all. */
  readonly formations: readonly string[];
  /** None for all. */
  readonly destinations: readonly string[];
  /** Beside those of the application. */
  readonly policies: readonly string[];
  /** Beside those of the formation. */
  readonly packs: readonly string[];
  /** Of plain manifests. */
  readonly namespace: string;
  readonly kubernetesVersion?: string;
  /** Files with CustomResourceDefinitions, beside those among manifests and stencils. */
  readonly crds: readonly string[];
  /** Files with waivers, beside those among the policies. */
  readonly waivers: readonly string[];
  /** What change policies compare with: a path, a Git ref, `cluster` or `none`; empty for the base of a pull request. */
  readonly baseline: string;
  /** For the baseline `cluster`. */
  readonly kubeconfig: string;
  readonly context: string;
  /** For GitHub's API; empty without one. */
  readonly token: string;
  /** Whether to keep a comment on the pull request. */
  readonly comment: boolean;
  readonly failOn: FailOn;
  /** Where to write findings as SARIF. */
  readonly sarif?: string;
  /** Where to write what was checked in the form of tests. */
  readonly junit?: string;
}

export function readInputs(reader: InputReader): Inputs {
  reader.required('manifests');
  const version = reader.text('kubernetes-version');
  const [sarif, junit] = [reader.text('sarif'), reader.text('junit')];
  if (version !== '' && !/^1\.\d+$/.test(minorOf(version)))
    reader.problem(
      'kubernetes-version',
      'is no version of Kubernetes',
      `write it as 1.34; there are schemas of ${KUBERNETES_VERSIONS.join(', ')}`,
    );
  return {
    manifests: reader.list('manifests'),
    application: reader.text('application') || 'slipway.yaml',
    formations: reader.list('formation'),
    destinations: reader.list('destination'),
    policies: reader.list('policies'),
    packs: reader.list('packs'),
    namespace: reader.text('namespace') || 'default',
    ...(version === '' ? {} : { kubernetesVersion: minorOf(version) }),
    crds: reader.list('crds'),
    waivers: reader.list('waivers'),
    baseline: reader.text('baseline'),
    kubeconfig: reader.text('kubeconfig'),
    context: reader.text('context'),
    token: reader.text('token'),
    comment: reader.flag('comment', false),
    ...(sarif === '' ? {} : { sarif }),
    ...(junit === '' ? {} : { junit }),
    failOn: reader.choice('fail-on', ['error', 'warning'], 'error'),
  };
}

function minorOf(version: string): string {
  return /^v?(1\.\d+)(?:\.|$)/.exec(version)?.[1] ?? version;
}
