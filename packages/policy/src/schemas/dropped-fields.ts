/** A field that the API server takes and drops before policies see it, as the feature that it belongs to is off by default. */
interface Row {
  readonly type: string;
  readonly fields: readonly string[];
  /** The first minor version in which the feature is on by default; none if there is no such version yet. */
  readonly since?: number;
}

/*
 * The features: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/features/kube_features.go. What drops their fields:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/util.go, and PrepareForCreate in pkg/registry. Fields of
 * resource.k8s.io and of scheduling.k8s.io are left out.
 */
const ROWS: readonly Row[] = [
  { type: 'apps.v1.RollingUpdateStatefulSetStrategy', fields: ['maxUnavailable'], since: 37 },
  { type: 'autoscaling.v2.HPAScalingRules', fields: ['tolerance'], since: 35 },
  { type: 'batch.v1.JobSpec', fields: ['scheduling'] },
  { type: 'coordination.v1.LeaseSpec', fields: ['strategy', 'preferredHolder'] },
  { type: 'storage.v1.CSIDriverSpec', fields: ['nodeAllocatableUpdatePeriodSeconds'], since: 35 },
  { type: 'storage.v1.CSIDriverSpec', fields: ['preventPodSchedulingIfMissing'], since: 37 },
  { type: 'core.v1.PodSpec', fields: ['resources', 'resourceClaims'], since: 34 },
  { type: 'core.v1.PodSpec', fields: ['hostnameOverride'], since: 35 },
  { type: 'core.v1.PodSpec', fields: ['workloadRef', 'schedulingGroup', 'evictionResponders'] },
  { type: 'core.v1.ResourceRequirements', fields: ['claims'], since: 34 },
  { type: 'core.v1.Container', fields: ['restartPolicyRules'], since: 35 },
  { type: 'core.v1.EphemeralContainer', fields: ['restartPolicyRules'], since: 35 },
  { type: 'core.v1.EnvVarSource', fields: ['fileKeyRef'], since: 35 },
  { type: 'core.v1.VolumeProjection', fields: ['clusterTrustBundle', 'podCertificate'], since: 37 },
  { type: 'core.v1.VolumeMount', fields: ['bindMountOptions'] },
  { type: 'core.v1.EmptyDirVolumeSource', fields: ['mode'] },
  { type: 'core.v1.HTTPGetAction', fields: ['protocol'] },
  { type: 'core.v1.GRPCAction', fields: ['mode'] },
  { type: 'core.v1.Lifecycle', fields: ['stopSignal'] },
  ...['Secret', 'ConfigMap', 'DownwardAPI', 'Projected'].map(source => ({
    type: `core.v1.${source}VolumeSource`,
    fields: ['defaultUser'],
  })),
  ...['ClusterTrustBundleProjection', 'PodCertificateProjection', 'ServiceAccountTokenProjection'].map(
    source => ({ type: `core.v1.${source}`, fields: ['user'] }),
  ),
  { type: 'core.v1.KeyToPath', fields: ['user'] },
  { type: 'core.v1.DownwardAPIVolumeFile', fields: ['user'] },
];

/** The fields of a type that an API server of a minor version drops, with its features as they are by default. */
export function droppedFields(type: string, minor: number): readonly string[] {
  return ROWS.flatMap(row =>
    row.type === type && minor < (row.since ?? Number.POSITIVE_INFINITY) ? row.fields : [],
  );
}
