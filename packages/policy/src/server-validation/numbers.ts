import type { JsonValue, Path } from '@slipway/core';
import { CONTAINER_LISTS, type KubernetesObject } from '@slipway/kubernetes';
import { invalid, type Refusal } from './refusal.ts';
import { finderOf, type Row } from './rows.ts';

type Check = (value: JsonValue) => string | undefined;
type CheckRow = Row<Check>;

const MAX_PORT = 65_535;
const MAX_ID = 2_147_483_647;

function between(least: number, most: number): Check {
  return value =>
    typeof value === 'number' && (value < least || value > most)
      ? `must be between ${least} and ${most}`
      : undefined;
}

function atLeast(least: number): Check {
  return value => (typeof value === 'number' && value < least ? `must be at least ${least}` : undefined);
}

const port = between(1, MAX_PORT);

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/validation/validation.go#L183 */
export const portName: Check = value => {
  if (typeof value !== 'string') return undefined;
  const isValid =
    value.length <= 15 && /^[a-z0-9-]+$/.test(value) && /[a-z]/.test(value) && !/^-|-$|--/.test(value);
  return isValid
    ? undefined
    : 'must be a port name: at most 15 lower case letters, digits and single dashes within, with a letter';
};

export const portNumberOrName: Check = value => (typeof value === 'string' ? portName(value) : port(value));

const PERCENT = /^[0-9]+%$/;

const countOrPercent: Check = value =>
  typeof value === 'string'
    ? PERCENT.test(value)
      ? undefined
      : 'must be a number, or a percentage such as 25%'
    : atLeast(0)(value);

const share: Check = value =>
  countOrPercent(value) ??
  (typeof value === 'string' && Number.parseInt(value, 10) > 100 ? 'must be at most 100%' : undefined);

const counts = (...paths: string[]): CheckRow[] => paths.map(path => [path, atLeast(0)]);

const JOB = (spec: string): readonly CheckRow[] =>
  counts(
    ...['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds'].map(name => `${spec}/${name}`),
    ...['ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'].map(name => `${spec}/${name}`),
  );

/**
 * The ranges of numbers, by kind; `*` is each item of a list.
 * https://github.com/kubernetes/kubernetes/tree/v1.36.3/pkg/apis, `ValidateNonnegativeField` and `IsValidPortNum` in the files validation.go
 */
const BY_KIND: Readonly<Record<string, readonly CheckRow[]>> = {
  'CronJob.batch': [
    ...counts(
      'spec/startingDeadlineSeconds',
      'spec/successfulJobsHistoryLimit',
      'spec/failedJobsHistoryLimit',
    ),
    ...JOB('spec/jobTemplate/spec'),
  ],
  'DaemonSet.apps': [
    ...counts('spec/minReadySeconds', 'spec/revisionHistoryLimit'),
    ['spec/updateStrategy/rollingUpdate/maxUnavailable', share],
    ['spec/updateStrategy/rollingUpdate/maxSurge', share],
  ],
  'Deployment.apps': [
    ...counts('spec/replicas', 'spec/minReadySeconds', 'spec/revisionHistoryLimit'),
    ...counts('spec/progressDeadlineSeconds'),
    ['spec/strategy/rollingUpdate/maxUnavailable', share],
    ['spec/strategy/rollingUpdate/maxSurge', countOrPercent],
  ],
  'HorizontalPodAutoscaler.autoscaling': [
    ['spec/minReplicas', atLeast(0)],
    ['spec/maxReplicas', atLeast(1)],
    ['spec/metrics/*/resource/target/averageUtilization', atLeast(1)],
    ['spec/metrics/*/containerResource/target/averageUtilization', atLeast(1)],
    ['spec/behavior/scaleUp/stabilizationWindowSeconds', between(0, 3600)],
    ['spec/behavior/scaleDown/stabilizationWindowSeconds', between(0, 3600)],
  ],
  'Ingress.networking.k8s.io': [
    ['spec/defaultBackend/service/port/number', port],
    ['spec/defaultBackend/service/port/name', portName],
    ['spec/rules/*/http/paths/*/backend/service/port/number', port],
    ['spec/rules/*/http/paths/*/backend/service/port/name', portName],
  ],
  'Job.batch': JOB('spec'),
  'NetworkPolicy.networking.k8s.io': ['ingress', 'egress'].flatMap((direction): CheckRow[] => [
    [`spec/${direction}/*/ports/*/port`, portNumberOrName],
    [`spec/${direction}/*/ports/*/endPort`, port],
  ]),
  'PodDisruptionBudget.policy': [
    ['spec/minAvailable', share],
    ['spec/maxUnavailable', share],
  ],
  'ReplicaSet.apps': counts('spec/replicas', 'spec/minReadySeconds'),
  ReplicationController: counts('spec/replicas', 'spec/minReadySeconds'),
  Service: [
    ['spec/ports/*/port', port],
    ['spec/ports/*/targetPort', portNumberOrName],
    ['spec/sessionAffinityConfig/clientIP/timeoutSeconds', between(1, 86_400)],
  ],
  'StatefulSet.apps': counts('spec/replicas', 'spec/minReadySeconds', 'spec/ordinals/start'),
};

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const HANDLERS = [...PROBES, 'lifecycle/postStart', 'lifecycle/preStop'];

const IN_CONTAINERS: readonly CheckRow[] = [
  ['ports/*/containerPort', port],
  ['ports/*/hostPort', between(0, MAX_PORT)],
  ['ports/*/name', portName],
  ...HANDLERS.flatMap((at): CheckRow[] => [
    [`${at}/httpGet/port`, portNumberOrName],
    [`${at}/tcpSocket/port`, portNumberOrName],
    [`${at}/grpc/port`, port],
  ]),
  ...PROBES.flatMap(at =>
    counts(
      ...[
        'initialDelaySeconds',
        'timeoutSeconds',
        'periodSeconds',
        'successThreshold',
        'failureThreshold',
      ].map(field => `${at}/${field}`),
    ),
  ),
  ['securityContext/runAsUser', between(0, MAX_ID)],
  ['securityContext/runAsGroup', between(0, MAX_ID)],
];

const IN_POD_SPECS: readonly CheckRow[] = [
  ['activeDeadlineSeconds', between(1, MAX_ID)],
  ['securityContext/runAsUser', between(0, MAX_ID)],
  ['securityContext/runAsGroup', between(0, MAX_ID)],
  ['securityContext/fsGroup', between(0, MAX_ID)],
  ['topologySpreadConstraints/*/maxSkew', atLeast(1)],
  ...['nodeAffinity', 'podAffinity', 'podAntiAffinity'].map(
    (kind): CheckRow => [
      `affinity/${kind}/preferredDuringSchedulingIgnoredDuringExecution/*/weight`,
      between(1, 100),
    ],
  ),
  ...CONTAINER_LISTS.flatMap(list =>
    IN_CONTAINERS.map(([path, check]): CheckRow => [`${list}/*/${path}`, check]),
  ),
];

const valuesOf = finderOf(BY_KIND, IN_POD_SPECS);

/** Numbers, ports and percentages out of the range that an API server takes. */
export function validateNumbers(object: KubernetesObject): Refusal[] {
  return valuesOf(object).flatMap(([{ value, path }, check]) => problemAt(value, path, check));
}

function problemAt(value: JsonValue, path: Path, check: Check): Refusal[] {
  const problem = check(value);
  return problem === undefined ? [] : [invalid(path, problem)];
}
