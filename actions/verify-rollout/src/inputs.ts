import {
  type ClusterInputs,
  type RegistryInputs,
  readClusterInputs,
  readDestinationName,
  readFormationName,
  readNamespace,
  readRegistryInputs,
} from '@slipway/action-kit';
import type { InputReader } from '@slipway/github';
import { type PrometheusAddress, requirePrometheusAddress } from '@slipway/rollout';
import { readStepsInputs, type StepsInputs } from './steps/steps-inputs.ts';

export const ON_FAILURE_CHOICES = ['report', 'rollback'] as const;
export type OnFailure = (typeof ON_FAILURE_CHOICES)[number];

/** What is to be verified. */
export type Subject =
  | { readonly kind: 'release'; readonly number: number }
  /** The release that goes in steps and is open, if there is one. */
  | { readonly kind: 'open-release' }
  | { readonly kind: 'manifests'; readonly paths: readonly string[] }
  | { readonly kind: 'selector'; readonly selector: string }
  | { readonly kind: 'helm-release'; readonly name: string };

export const DEPLOYMENT_CHOICES = ['github', 'exact'] as const;

/** Whether a deployment is recorded at GitHub besides the one that the environment of a job makes. */
export interface DeploymentInputs {
  readonly deployments: (typeof DEPLOYMENT_CHOICES)[number];
  /** The address of what was deployed; empty for none. */
  readonly environmentUrl: string;
  /** For GitHub's API; empty without one. */
  readonly token: string;
}

export interface Inputs extends ClusterInputs, RegistryInputs {
  readonly subject: Subject;
  /** Path of slipway.yaml, or the application's name where there is no checkout; empty: found out. */
  readonly application: string;
  readonly formation: string;
  /** For which pull request or branch an instance is meant, as it was given; empty for none. */
  readonly spawn: string;
  readonly destination: string;
  readonly namespace: string;
  /** Milliseconds; undefined: as the release's record says. */
  readonly stableFor: number | undefined;
  readonly timeout: number | undefined;
  readonly deadline: number | undefined;
  /** YAML or the path of a file; empty for none. */
  readonly checks: string;
  readonly statusRules: string;
  /** Undefined where no Prometheus is to be asked. */
  readonly prometheus: PrometheusAddress | undefined;
  readonly onFailure: OnFailure | undefined;
  readonly reason: string;
  readonly lockTimeout: number;
  readonly deployment: DeploymentInputs;
  readonly steps: StepsInputs;
}

const DEFAULT_LOCK_TIMEOUT = 10 * 60_000;

export function readInputs(reader: InputReader): Inputs {
  const subject = readSubject(reader);
  const onFailure = readOnFailure(reader);
  if (!isRelease(subject) && onFailure === 'rollback')
    reader.problem('on-failure', 'is "rollback" without a release', 'give "release", or set it to report');
  return {
    subject,
    application: reader.text('application'),
    formation: readFormationName(reader),
    spawn: reader.text('spawn'),
    destination: readDestinationName(reader),
    namespace: readNamespace(reader),
    ...readClusterInputs(reader),
    stableFor: reader.duration('stable-for'),
    timeout: reader.timeLimit('timeout'),
    deadline: reader.timeLimit('deadline'),
    checks: reader.text('checks'),
    statusRules: reader.text('status-rules'),
    prometheus: readPrometheus(reader),
    onFailure,
    reason: reader.text('reason'),
    lockTimeout: reader.duration('lock-timeout') ?? DEFAULT_LOCK_TIMEOUT,
    ...readRegistryInputs(reader),
    deployment: readDeployment(reader),
    steps: readStepsInputs(reader, subject.kind),
  };
}

function isRelease({ kind }: Subject): boolean {
  return kind === 'release' || kind === 'open-release';
}

function readDeployment(reader: InputReader): DeploymentInputs {
  const environmentUrl = reader.text('environment-url');
  if (environmentUrl !== '' && !/^https?:\/\/[^\s/]/.test(environmentUrl))
    reader.problem('environment-url', 'is not an address', 'write one that begins with https://');
  return {
    deployments: reader.choice('deployments', DEPLOYMENT_CHOICES, 'github'),
    environmentUrl,
    token: reader.text('token'),
  };
}

function readSubject(reader: InputReader): Subject {
  const [release, selector, helm] = [
    reader.text('release'),
    reader.text('selector'),
    reader.text('helm-release'),
  ];
  const paths = reader.list('manifests');
  const given = [release !== '', paths.length > 0, selector !== '', helm !== ''].filter(Boolean).length;
  if (given > 1)
    reader.problem(
      'release',
      'cannot be combined with "manifests", "selector" or "helm-release"',
      'give only one of the four',
    );
  if (helm !== '') return { kind: 'helm-release', name: readHelmName(reader, helm) };
  if (selector !== '') return { kind: 'selector', selector };
  if (paths.length > 0) return { kind: 'manifests', paths };
  if (release === 'open') return { kind: 'open-release' };
  return {
    kind: 'release',
    number: readNumber(reader, reader.required('release', ['manifests', 'selector', 'helm-release'])),
  };
}

/** https://github.com/helm/helm/blob/v4.0.0/pkg/chart/v2/util/validate_name.go */
const HELM_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?$/;

function readHelmName(reader: InputReader, name: string): string {
  if (!HELM_NAME.test(name))
    reader.problem(
      'helm-release',
      'is not the name of a Helm release',
      'give the name that "helm list" shows',
    );
  return name;
}

function readPrometheus(reader: InputReader): PrometheusAddress | undefined {
  const [address, token] = [reader.text('prometheus'), reader.text('prometheus-token')];
  if (address === '' && token !== '')
    reader.problem('prometheus-token', 'needs "prometheus"', 'give the address too');
  if (address === '') return undefined;
  reader.parse('prometheus', () => requirePrometheusAddress(address));
  return { address, token };
}

function readNumber(reader: InputReader, text: string): number {
  if (text !== '' && !/^[1-9]\d{0,14}$/.test(text))
    reader.problem(
      'release',
      'is not the number of a release',
      "give deploy's output: ${{ steps.deploy.outputs.release }}",
    );
  return Number(text);
}

function readOnFailure(reader: InputReader): OnFailure | undefined {
  return reader.text('on-failure') === ''
    ? undefined
    : reader.choice('on-failure', ON_FAILURE_CHOICES, 'report');
}
