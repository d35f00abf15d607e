import { isName, type RecordKeys } from '@slipway/core';
import { type InputReader, readRecordKeys } from '@slipway/github';
import type { PrometheusAddress } from '@slipway/rollout';

export const ON_FAILURE_CHOICES = ['report', 'rollback'] as const;
export type OnFailure = (typeof ON_FAILURE_CHOICES)[number];

/** What is to be verified. */
export type Subject =
  | { readonly kind: 'release'; readonly number: number }
  | { readonly kind: 'manifests'; readonly paths: readonly string[] }
  | { readonly kind: 'selector'; readonly selector: string }
  | { readonly kind: 'helm-release'; readonly name: string };

export interface Inputs {
  readonly subject: Subject;
  /** Path of slipway.yaml, or the application's name where there is no checkout; empty: found out. */
  readonly application: string;
  readonly formation: string;
  readonly destination: string;
  readonly namespace: string;
  readonly kubeconfig: string;
  readonly context: string;
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
  /** What records and verdicts are signed with. */
  readonly recordKeys: RecordKeys | undefined;
  /** Registries, as `host:port`, that are spoken to without TLS. */
  readonly plainHttpRegistries: readonly string[];
}

/** A DNS label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DEFAULT_LOCK_TIMEOUT = 10 * 60_000;

export function readInputs(reader: InputReader): Inputs {
  const subject = readSubject(reader);
  const onFailure = readOnFailure(reader);
  if (subject.kind !== 'release' && onFailure === 'rollback')
    reader.problem('on-failure', 'is "rollback" without a release', 'give "release", or set it to report');
  return {
    subject,
    application: reader.text('application'),
    formation: readName(reader, 'formation'),
    destination: readName(reader, 'destination'),
    namespace: readNamespace(reader),
    kubeconfig: reader.text('kubeconfig'),
    context: reader.text('context'),
    stableFor: reader.duration('stable-for'),
    timeout: readPositive(reader, 'timeout'),
    deadline: readPositive(reader, 'deadline'),
    checks: reader.text('checks'),
    statusRules: reader.text('status-rules'),
    prometheus: readPrometheus(reader),
    onFailure,
    reason: reader.text('reason'),
    lockTimeout: reader.duration('lock-timeout') ?? DEFAULT_LOCK_TIMEOUT,
    recordKeys: readRecordKeys(reader),
    plainHttpRegistries: reader.list('plain-http-registries'),
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
      'stands beside "manifests", "selector" or "helm-release"',
      'give only one of the four',
    );
  if (helm !== '') return { kind: 'helm-release', name: readHelmName(reader, helm) };
  if (selector !== '') return { kind: 'selector', selector };
  if (paths.length > 0) return { kind: 'manifests', paths };
  return { kind: 'release', number: readNumber(reader, reader.required('release')) };
}

/** https://github.com/helm/helm/blob/v4.0.0/pkg/chart/v2/util/validate_name.go */
const HELM_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?$/;

function readHelmName(reader: InputReader, name: string): string {
  if (!HELM_NAME.test(name))
    reader.problem('helm-release', "is no name of Helm's", 'give the name that "helm list" shows');
  return name;
}

function readPrometheus(reader: InputReader): PrometheusAddress | undefined {
  const [address, token] = [reader.text('prometheus'), reader.text('prometheus-token')];
  if (address === '' && token !== '')
    reader.problem('prometheus-token', 'stands without "prometheus"', 'give the address too');
  return address === '' ? undefined : { address, token };
}

function readNumber(reader: InputReader, text: string): number {
  if (text !== '' && !/^[1-9]\d{0,14}$/.test(text))
    reader.problem(
      'release',
      "is no release's number",
      "give deploy's output: ${{ steps.deploy.outputs.release }}",
    );
  return Number(text);
}

function readName(reader: InputReader, input: string): string {
  const name = reader.text(input);
  if (name !== '' && !isName(name))
    reader.problem(input, `is no name of a ${input}`, 'use a-z, 0-9 and -, at most 40 characters');
  return name;
}

function readNamespace(reader: InputReader): string {
  const namespace = reader.text('namespace');
  if (namespace !== '' && !NAMESPACE.test(namespace))
    reader.problem('namespace', 'is no name of a namespace', 'use a-z, 0-9 and -, at most 63 characters');
  return namespace;
}

function readOnFailure(reader: InputReader): OnFailure | undefined {
  return reader.text('on-failure') === ''
    ? undefined
    : reader.choice('on-failure', ON_FAILURE_CHOICES, 'report');
}

function readPositive(reader: InputReader, input: 'timeout' | 'deadline'): number | undefined {
  const duration = reader.duration(input);
  if (duration === 0) reader.problem(input, 'is nothing', 'write a duration such as 10m');
  return duration;
}
