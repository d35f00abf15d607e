import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/**
 * Field managers of deployment tools. Adopting moves their fields, so that a field that is later removed from the manifest is
 * really removed. Controllers of the cluster and autoscalers keep theirs.
 */
const DEPLOYING =
  /^(?:kubectl(?:-[a-z-]+)?|before-first-apply|[Hh]elm(?:-controller)?|kustomize-controller|flux(?:-[a-z-]+)?|argocd(?:-[a-z-]+)?|terraform-provider-[a-z]+.*|pulumi-.*|slipway:.*)$/;
const OF_THE_CLUSTER = /^(?:kube-|k3s|kubelet|apiserver|cloud-controller|.*-controller-manager$)/;

/** Whether a deployment tool other than `manager` owns fields of the live object. */
export function isAdoptable(live: KubernetesObject, manager: string): boolean {
  return entriesOf(live).some(entry => isMoving(entry, live, manager));
}

/**
 * The live object as if `manager` had applied every field that other deployment tools own, just as `kubectl apply --server-side`
 * migrates its own fields: https://github.com/kubernetes/client-go/blob/v0.36.0/util/csaupgrade/upgrade.go
 */
export function withOwnershipMoved(live: KubernetesObject, manager: string): KubernetesObject {
  const entries = entriesOf(live);
  const moving = entries.filter(entry => isMoving(entry, live, manager));
  if (moving.length === 0) return live;
  const own = entries.find(entry => isOwn(entry, manager));
  const fields = [...moving, ...(own === undefined ? [] : [own])]
    .map(({ fieldsV1 }) => fieldsV1 ?? {})
    .reduce<JsonValue>(union, {});
  const { time = new Date(0).toISOString() } = moving[0] ?? {};
  const moved: JsonObject = {
    manager,
    operation: 'Apply',
    apiVersion: live.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
  };
  const staying = entries.filter(entry => entry !== own && !moving.includes(entry));
  return { ...live, metadata: { ...live.metadata, managedFields: [...staying, moved] } };
}

/** Entries of another apiVersion may name fields that this one does not have, so they are not moved. */
function isMoving(entry: JsonObject, live: KubernetesObject, manager: string): boolean {
  const { manager: name, subresource, apiVersion } = entry;
  if (typeof name !== 'string' || isOwn(entry, manager)) return false;
  if ((subresource !== undefined && subresource !== '') || apiVersion !== live.apiVersion) return false;
  if (DEPLOYING.test(name)) return true;
  // The creator's fields move, whatever the program is called.
  const [creator, ...others] = creatorsOf(live);
  return name === creator && others.length === 0 && !OF_THE_CLUSTER.test(name);
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

function entriesOf(live: KubernetesObject): JsonObject[] {
  const entries = live.metadata['managedFields'];
  return Array.isArray(entries) ? entries.filter(isJsonObject) : [];
}

function union(one: JsonValue, other: JsonValue): JsonValue {
  if (!isJsonObject(one) || !isJsonObject(other)) return one;
  const both = Object.entries(other).map(([key, value]): [string, JsonValue] => [
    key,
    one[key] === undefined ? value : union(one[key], value),
  ]);
  return { ...one, ...Object.fromEntries(both) };
}
