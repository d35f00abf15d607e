import { type JsonValue, type Path, quote } from '@slipway/core';
import { fieldsOf, type KubernetesObject, WRITTEN_CONTAINER_LISTS } from '@slipway/kubernetes';
import { invalid, type Refusal } from './refusal.ts';
import { finderOf, type Row } from './rows.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const UPDATE_STRATEGIES = ['RollingUpdate', 'OnDelete'];

type WordsRow = Row<readonly string[]>;

/**
 * Fields that take one of a few words, by kind; `*` is each item of a list. Words that a later version of Kubernetes added are here
 * for all versions, since an earlier one may have them behind a feature gate.
 * https://github.com/kubernetes/kubernetes/tree/v1.36.3/pkg/apis, `NotSupported` in the files validation.go
 */
const BY_KIND: Readonly<Record<string, readonly WordsRow[]>> = {
  'CronJob.batch': [['spec/concurrencyPolicy', ['Allow', 'Forbid', 'Replace']]],
  'DaemonSet.apps': [['spec/updateStrategy/type', UPDATE_STRATEGIES]],
  'Deployment.apps': [['spec/strategy/type', ['RollingUpdate', 'Recreate']]],
  'HorizontalPodAutoscaler.autoscaling': [
    ...['containerResource', 'external', 'object', 'pods', 'resource'].map(
      (source): WordsRow => [
        `spec/metrics/*/${source}/target/type`,
        ['Utilization', 'Value', 'AverageValue'],
      ],
    ),
    ['spec/behavior/scaleUp/policies/*/type', ['Pods', 'Percent']],
    ['spec/behavior/scaleDown/policies/*/type', ['Pods', 'Percent']],
  ],
  'Ingress.networking.k8s.io': [
    ['spec/rules/*/http/paths/*/pathType', ['Exact', 'Prefix', 'ImplementationSpecific']],
  ],
  'Job.batch': [
    ['spec/completionMode', ['NonIndexed', 'Indexed']],
    ['spec/podReplacementPolicy', ['TerminatingOrFailed', 'Failed']],
  ],
  'NetworkPolicy.networking.k8s.io': [
    ['spec/policyTypes/*', ['Ingress', 'Egress']],
    ['spec/ingress/*/ports/*/protocol', PROTOCOLS],
    ['spec/egress/*/ports/*/protocol', PROTOCOLS],
  ],
  PersistentVolume: [
    ['spec/accessModes/*', ACCESS_MODES],
    ['spec/persistentVolumeReclaimPolicy', ['Retain', 'Delete', 'Recycle']],
    ['spec/volumeMode', ['Filesystem', 'Block']],
  ],
  PersistentVolumeClaim: [
    ['spec/accessModes/*', ACCESS_MODES],
    ['spec/volumeMode', ['Filesystem', 'Block']],
  ],
  'PodDisruptionBudget.policy': [['spec/unhealthyPodEvictionPolicy', ['IfHealthyBudget', 'AlwaysAllow']]],
  'PriorityClass.scheduling.k8s.io': [['preemptionPolicy', ['PreemptLowerPriority', 'Never']]],
  Service: [
    ['spec/type', ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']],
    ['spec/ports/*/protocol', PROTOCOLS],
    ['spec/sessionAffinity', ['None', 'ClientIP']],
    ['spec/externalTrafficPolicy', ['Cluster', 'Local']],
    ['spec/internalTrafficPolicy', ['Cluster', 'Local']],
    ['spec/ipFamilyPolicy', ['SingleStack', 'PreferDualStack', 'RequireDualStack']],
    ['spec/ipFamilies/*', ['IPv4', 'IPv6']],
  ],
  'StatefulSet.apps': [
    ['spec/updateStrategy/type', UPDATE_STRATEGIES],
    ['spec/podManagementPolicy', ['OrderedReady', 'Parallel']],
    ['spec/persistentVolumeClaimRetentionPolicy/whenDeleted', ['Retain', 'Delete']],
    ['spec/persistentVolumeClaimRetentionPolicy/whenScaled', ['Retain', 'Delete']],
    ['spec/volumeClaimTemplates/*/spec/accessModes/*', ACCESS_MODES],
    ['spec/volumeClaimTemplates/*/spec/volumeMode', ['Filesystem', 'Block']],
  ],
  'StorageClass.storage.k8s.io': [
    ['reclaimPolicy', ['Delete', 'Retain']],
    ['volumeBindingMode', ['Immediate', 'WaitForFirstConsumer']],
  ],
};

const IN_CONTAINERS: readonly WordsRow[] = [
  ['imagePullPolicy', ['Always', 'IfNotPresent', 'Never']],
  ['ports/*/protocol', PROTOCOLS],
  ['terminationMessagePolicy', ['File', 'FallbackToLogsOnError']],
  ...['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle/postStart', 'lifecycle/preStop'].map(
    (at): WordsRow => [`${at}/httpGet/scheme`, ['HTTP', 'HTTPS']],
  ),
  ['securityContext/seccompProfile/type', ['RuntimeDefault', 'Unconfined', 'Localhost']],
  ['securityContext/procMount', ['Default', 'Unmasked']],
];

const IN_POD_SPECS: readonly WordsRow[] = [
  ['restartPolicy', ['Always', 'OnFailure', 'Never']],
  ['dnsPolicy', ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']],
  ['preemptionPolicy', ['PreemptLowerPriority', 'Never']],
  ['securityContext/seccompProfile/type', ['RuntimeDefault', 'Unconfined', 'Localhost']],
  ['tolerations/*/operator', ['Equal', 'Exists', 'Lt', 'Gt']],
  ['tolerations/*/effect', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']],
  ['topologySpreadConstraints/*/whenUnsatisfiable', ['DoNotSchedule', 'ScheduleAnyway']],
  ...WRITTEN_CONTAINER_LISTS.flatMap(list =>
    IN_CONTAINERS.map(([path, values]): WordsRow => [`${list}/*/${path}`, values]),
  ),
];

const valuesOf = finderOf(BY_KIND, IN_POD_SPECS);

/** Words that no API server takes. */
export function validateWords(object: KubernetesObject): Refusal[] {
  return valuesOf(object).flatMap(([{ value, path }, words]) => wordProblem(value, path, words));
}

function wordProblem(value: JsonValue, path: Path, values: readonly string[]): Refusal[] {
  if (typeof value !== 'string' || values.includes(value)) return [];
  // An empty word is replaced by a default where there is one, and otherwise stands for none.
  if (value === '' && !fieldsOf(path).endsWith('/accessModes')) return [];
  return [invalid(path, `must be one of ${values.map(word => quote(word)).join(', ')}`)];
}
