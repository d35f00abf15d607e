/** A field that the published schema requires and the API server does not. */
interface Row {
  readonly type: string;
  readonly field: string;
  /** The last minor version whose schema says so; all versions if there is none. */
  readonly until?: number;
}

/*
 * Published schemas mark a field as required if its Go type has no `omitempty`, whether validation asks for it or not; some were
 * corrected later. What the present version does is compared with its API server by required-fields.test.itg.ts. The sources:
 *
 * - validation that never asks for the field:
 *   https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go (sysctls, HTTP headers, iSCSI, LimitRange, affinity)
 *   https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/storage/validation/validation.go (CSIDriver), and those of batch and discovery
 * - fields that a later schema made optional, or gave a default that the server had filled in before:
 *   https://github.com/kubernetes/api/blob/v0.36.3/networking/v1/types.go (NetworkPolicy)
 *   https://github.com/kubernetes/api/blob/v0.36.3/batch/v1/types.go (podFailurePolicy)
 *   https://github.com/kubernetes/api/blob/v0.36.3/rbac/v1/types.go, scheduling/v1/types.go, discovery/v1/types.go
 *   https://github.com/kubernetes/api/blob/v0.37.2/apps/v1/types.go (ControllerRevision), resource/v1/types.go
 */
const ROWS: readonly Row[] = [
  { type: 'apiextensions.v1.CustomResourceDefinitionVersion', field: 'served' },
  { type: 'core.v1.Sysctl', field: 'value' },
  { type: 'core.v1.HTTPHeader', field: 'value' },
  { type: 'core.v1.ISCSIVolumeSource', field: 'lun' },
  { type: 'core.v1.ISCSIPersistentVolumeSource', field: 'lun' },
  { type: 'core.v1.LimitRangeSpec', field: 'limits' },
  { type: 'core.v1.PreferredSchedulingTerm', field: 'preference' },
  { type: 'core.v1.SleepAction', field: 'seconds' },
  { type: 'batch.v1.PodFailurePolicy', field: 'rules' },
  { type: 'discovery.v1.ForZone', field: 'name' },
  { type: 'storage.v1.CSIDriver', field: 'spec' },
  { type: 'storage.v1.TokenRequest', field: 'audience' },
  { type: 'storage.v1.CSINode', field: 'spec' },
  { type: 'storage.v1.CSINodeSpec', field: 'drivers' },
  { type: 'networking.v1.NetworkPolicySpec', field: 'podSelector', until: 33 },
  { type: 'batch.v1.PodFailurePolicyOnPodConditionsPattern', field: 'status', until: 34 },
  { type: 'rbac.v1.RoleRef', field: 'apiGroup', until: 35 },
  { type: 'scheduling.v1.PriorityClass', field: 'value', until: 35 },
  { type: 'discovery.v1.EndpointSlice', field: 'endpoints', until: 35 },
  { type: 'apps.v1.ControllerRevision', field: 'revision', until: 36 },
  ...['v1', 'v1beta1', 'v1beta2'].flatMap(version =>
    ['DeviceClass', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceClaimTemplateSpec'].map(kind => ({
      type: `resource.${version}.${kind}`,
      field: 'spec',
      until: 36,
    })),
  ),
];

const BY_TYPE = new Map<string, readonly Row[]>(
  ROWS.map(({ type }) => [type, ROWS.filter(row => row.type === type)] as const),
);

/** The fields of a type that an API server asks for, of those that its published schema requires. */
export function reallyRequired(type: string, fields: readonly string[], minor: number): readonly string[] {
  const rows = BY_TYPE.get(type);
  if (rows === undefined) return fields;
  const isOptional = (field: string): boolean =>
    rows.some(row => row.field === field && minor <= (row.until ?? Number.POSITIVE_INFINITY));
  return fields.filter(field => !isOptional(field));
}
