import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { type KubernetesObject, NAMESPACE_NAME } from '@slipway/kubernetes';

/**
 * Field managers of deployment tools. Adopting moves their fields, so that a field that is later removed from the manifest is
 * really removed. Controllers of the cluster and autoscalers keep theirs.
 */
const DEPLOYING =
  /^(?:kubectl(?:-[a-z-]+)?|oc|k9s|before-first-apply|[Hh]elm(?:-controller)?|kustomize-controller|flux(?:-[a-z-]+)?|argocd(?:-[a-z-]+)?|HashiCorp|Terraform|terraform-provider-[a-z]+.*|pulumi-.*|slipway:.*)$/;
const OF_THE_CLUSTER = /^(?:kube-|k3s|kubelet|apiserver|cloud-controller|.*-controller-manager$)/;

/** Whether a manager is the cluster's HorizontalPodAutoscaler, which runs among its other controllers, or KEDA. */
export function isAutoscaler(manager: string): boolean {
  return OF_THE_CLUSTER.test(manager) || /^(?:keda|kubelite)/.test(manager);
}

/** Whether a deployment tool other than `manager` owns fields of the live object. */
export function isAdoptable(live: KubernetesObject, manager: string): boolean {
  return movingEntries(live, manager).length > 0;
}

/** The deployment tools that own fields of a live object, and whoever created it. */
export function deployersOf(live: KubernetesObject, manager: string): string[] {
  const moving = movingEntries(live, manager).filter(({ fieldsV1 }) => isContent(fieldsV1));
  return [...new Set(moving.map(({ manager: name }) => String(name)))];
}

/** What a tool leaves on an object, or the server on every namespace, beside what it was told to write. */
const MARKS = ['.', `f:${NAMESPACE_NAME}`, 'f:kubectl.kubernetes.io/last-applied-configuration'] as const;

/** Whether fields are more than marks: only they can be missing in the manifest. */
function isContent(fields: JsonValue | undefined): boolean {
  if (!isJsonObject(fields)) return false;
  const { 'f:metadata': metadata = {}, ...others } = fields;
  if (Object.keys(others).length > 0) return true;
  return Object.entries(isJsonObject(metadata) ? metadata : {}).some(
    ([step, inside]) =>
      !['f:labels', 'f:annotations'].includes(step) ||
      (isJsonObject(inside) && Object.keys(inside).some(key => !MARKS.some(mark => mark === key))),
  );
}

/**
 * The live object as if `manager` had applied every field that other deployment tools own, just as `kubectl apply --server-side`
 * migrates its own fields: https://github.com/kubernetes/client-go/blob/v0.36.0/util/csaupgrade/upgrade.go
 */
export function withOwnershipMoved(live: KubernetesObject, manager: string): KubernetesObject {
  const moving = movingEntries(live, manager);
  if (moving.length === 0) return live;
  const staying = entriesOf(live).filter(entry => !moving.includes(entry));
  const fields = moving.map(({ fieldsV1 }) => fieldsV1 ?? {}).reduce<JsonValue>(union, {});
  return withFieldsOwned(withEntries(live, staying), manager, fields, moving[0]);
}

/** The live object as if `manager` had also applied some fields. */
export function withFieldsOwned(
  live: KubernetesObject,
  manager: string,
  fields: JsonValue,
  { apiVersion = live.apiVersion, time = new Date(0).toISOString() }: JsonObject = {},
): KubernetesObject {
  const entries = entriesOf(live);
  const own = entries.find(entry => isOwn(entry, manager));
  const owned: JsonObject = {
    manager,
    operation: 'Apply',
    apiVersion: own?.['apiVersion'] ?? apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: union(fields, own?.['fieldsV1'] ?? {}),
  };
  return withEntries(live, [...entries.filter(entry => entry !== own), owned]);
}

export function withEntries(live: KubernetesObject, managedFields: readonly JsonObject[]): KubernetesObject {
  return { ...live, metadata: { ...live.metadata, managedFields: [...managedFields] } };
}

/**
 * The entries whose fields move. Those of another API version name its fields, so that the entries of one version move at a time:
 * that in which we applied, or else the object's own, or else that of the first entry.
 */
function movingEntries(live: KubernetesObject, manager: string): JsonObject[] {
  const entries = entriesOf(live);
  const moving = entries.filter(entry => isMoving(entry, live, manager));
  const own = entries.find(entry => isOwn(entry, manager));
  const versions = moving.map(({ apiVersion }) => apiVersion);
  const version = own?.['apiVersion'] ?? (versions.includes(live.apiVersion) ? live.apiVersion : versions[0]);
  return moving.filter(({ apiVersion }) => apiVersion === version);
}

function isMoving(entry: JsonObject, live: KubernetesObject, manager: string): boolean {
  const { manager: name, subresource } = entry;
  if (typeof name !== 'string' || isOwn(entry, manager)) return false;
  if (subresource !== undefined && subresource !== '') return false;
  if (DEPLOYING.test(name)) return true;
  // The creator's fields move, whatever the program is called.
  const [creator, ...others] = creatorsOf(live).filter(other => !OF_THE_CLUSTER.test(other));
  return name === creator && others.length === 0;
}

function isOwn({ manager: name, operation, subresource }: JsonObject, manager: string): boolean {
  return name === manager && operation === 'Apply' && (subresource === undefined || subresource === '');
}

/** The managers that wrote first; several if they wrote within the same second, since times have no fractions. */
export function creatorsOf(live: KubernetesObject): string[] {
  const entries = entriesOf(live).map(({ manager, time }) => ({
    name: String(manager ?? ''),
    time: String(time ?? ''),
  }));
  const [first] = entries.map(({ time }) => time).sort();
  return [
    ...new Set(entries.filter(({ name, time }) => time === first && name !== '').map(({ name }) => name)),
  ];
}

export function entriesOf(live: KubernetesObject): JsonObject[] {
  const entries = live.metadata['managedFields'];
  return Array.isArray(entries) ? entries.filter(isJsonObject) : [];
}

export function union(one: JsonValue, other: JsonValue): JsonValue {
  if (!isJsonObject(one) || !isJsonObject(other)) return one;
  const both = Object.entries(other).map(([key, value]): [string, JsonValue] => [
    key,
    one[key] === undefined ? value : union(one[key], value),
  ]);
  return { ...one, ...Object.fromEntries(both) };
}
