import {
  formatPointer,
  isJsonObject,
  type JsonValue,
  type Path,
  remembering,
  stringifyJson,
} from '@slipway/core';
import { isBuiltIn, type Kind, kindKey } from './kinds.ts';

/** A field that identifies the items of a list, together with the list's other keys. */
export interface ListKey {
  readonly name: string;
  /** What an item that leaves it out has. */
  readonly default?: JsonValue;
}

/**
 * How server-side apply merges a list: as one value, as a set of its values, or item by item, each identified by all of the keys.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export type ListType = 'atomic' | 'set' | readonly ListKey[];

const PORT_PROTOCOL: ListKey = { name: 'protocol', default: 'TCP' };
const keyed = (...names: string[]): readonly ListKey[] => names.map(name => ({ name }));
const NAMED = keyed('name');

/**
 * The lists of Kubernetes' own kinds that are not atomic: `x-kubernetes-list-type` of the OpenAPI description of the API, which
 * list-types.test.itg.ts compares with every list of every kind. The first row that fits counts.
 */
const LISTS: readonly (readonly [kinds: RegExp, path: RegExp, type: ListType])[] = [
  [/./, /\/metadata\/finalizers$/, 'set'],
  [/./, /\/metadata\/ownerReferences$/, keyed('uid')],
  [/^Service\//, /^\/spec\/ports$/, [{ name: 'port' }, PORT_PROTOCOL]],
  [/^ServiceAccount\//, /^\/secrets$/, NAMED],
  [/^(?:Validating|Mutating)WebhookConfiguration\./, /^\/webhooks(?:\/matchConditions)?$/, NAMED],
  [/^(?:Validating|Mutating)AdmissionPolicy\./, /^\/spec\/matchConditions$/, NAMED],
  [/^ValidatingAdmissionPolicy\./, /^\/spec\/variables$/, NAMED],
  [/^ValidatingAdmissionPolicyBinding\./, /^\/spec\/validationActions$/, 'set'],
  [
    /^FlowSchema\./,
    /^\/spec\/rules\/(?:non)?[rR]esourceRules\/(?:apiGroups|namespaces|resources|verbs|nonResourceURLs)$/,
    'set',
  ],
  [/^CustomResourceDefinition\./, /\/x-kubernetes-validations$/, keyed('rule')],
  [/^EndpointSlice\./, /^\/endpoints\/addresses$/, 'set'],
  [/^CSINode\./, /^\/spec\/drivers$/, NAMED],
  [/^CSIDriver\./, /^\/spec\/volumeLifecycleModes$/, 'set'],
  [/^Node\//, /^\/spec\/(?:podCIDRs|podPreemptionPolicy\/disableResizePreemption)$/, 'set'],
  [/^ResourceSlice\./, /^\/spec\/skipNodeOperations$/, 'set'],
  [/^Job\.|^CronJob\./, /\/spec\/scheduling\/resourceClaims$/, NAMED],
  [/^Workload\./, /^\/spec\/podGroupTemplates$/, NAMED],
  [/^Job\.|^CronJob\./, /\/podFailurePolicy\/rules\/onExitCodes\/values$/, 'set'],
  [
    /./,
    /\/spec\/(?:containers|initContainers|ephemeralContainers|volumes|imagePullSecrets|resourceClaims|schedulingGates|evictionResponders)$/,
    NAMED,
  ],
  [/./, /\/spec\/hostAliases$/, keyed('ip')],
  [/./, /\/spec\/topologySpreadConstraints$/, keyed('topologyKey', 'whenUnsatisfiable')],
  [
    /./,
    /\/(?:containers|initContainers|ephemeralContainers)\/ports$/,
    [{ name: 'containerPort' }, PORT_PROTOCOL],
  ],
  [/./, /\/(?:containers|initContainers|ephemeralContainers)\/env$/, NAMED],
  [/./, /\/(?:containers|initContainers|ephemeralContainers)\/volumeMounts$/, keyed('mountPath')],
  [/./, /\/(?:containers|initContainers|ephemeralContainers)\/volumeDevices$/, keyed('devicePath')],
  [/./, /\/volumeMounts\/bindMountOptions$/, 'set'],
  [/./, /\/restartPolicyRules\/exitCodes\/values$/, 'set'],
  [/./, /\/spec\/(?:containers\/|initContainers\/|ephemeralContainers\/)?resources\/claims$/, NAMED],
];

/** How a list is merged, by the kind of its object; undefined for a custom resource, whose definition says it. */
export function builtInListType(kind: Kind, path: Path): ListType | undefined {
  if (!isBuiltIn(kind.apiVersion)) return undefined;
  return listTypesOf(versionedKind(kind))(fieldsOf(path));
}

/** Thousands of objects have the same few lists. */
const listTypesOf = remembering(500, name => {
  const rows = LISTS.filter(([kinds]) => kinds.test(name));
  return remembering(
    500,
    (fields): ListType => rows.find(([, paths]) => paths.test(fields))?.[2] ?? 'atomic',
  );
});

/** Maps of Kubernetes' own kinds that are one value, whatever they are in: `x-kubernetes-map-type: atomic`. */
const ATOMIC_MAPS: ReadonlySet<string> = new Set([
  'configMapKeyRef',
  'controllerExpandSecretRef',
  'controllerPublishSecretRef',
  'dataSource',
  'fieldRef',
  'fileKeyRef',
  'labelSelector',
  'matchConstraints',
  'matchResources',
  'namespaceSelector',
  'nodeExpandSecretRef',
  'nodePublishSecretRef',
  'nodeSelector',
  'nodeStageSecretRef',
  'nodeTopology',
  'objectSelector',
  'paramKind',
  'paramRef',
  'podSelector',
  'preference',
  'resourceFieldRef',
  'roleRef',
  'scopeSelector',
  'secretKeyRef',
  'selector',
  'targetRef',
]);

/** Those whose names others have too, and items of lists. */
const ATOMIC_MAPS_BY_PLACE: readonly (readonly [kinds: RegExp, path: RegExp])[] = [
  [/./, /\/metadata\/ownerReferences$/],
  [/./, /\/spec\/(?:imagePullSecrets|evictionResponders)$/],
  [/^HorizontalPodAutoscaler\.autoscaling\/v1$/, /^\/spec\/scaleTargetRef$/],
  [/^Ingress\./, /[bB]ackend\/(?:resource|service\/port)$/],
  [/^(?:PersistentVolume|VolumeAttachment\.storage\.k8s\.io)\//, /\/nodeAffinity\/required$/],
  [/^ServiceAccount\//, /^\/secrets$/],
  [/^ValidatingAdmissionPolicy\./, /^\/spec\/variables$/],
  [/./, /\/nodeAffinity\/requiredDuringSchedulingIgnoredDuringExecution$/],
  [/./, /(?<!\/envFrom)\/secretRef$/],
];

/** Whether a map of a built-in kind is merged as one value; undefined for a custom resource, whose definition says it. */
export function isAtomicMap(kind: Kind, path: Path): boolean | undefined {
  if (!isBuiltIn(kind.apiVersion)) return undefined;
  if (ATOMIC_MAPS.has(String(path.at(-1)))) return true;
  return atomicMapsOf(versionedKind(kind))(fieldsOf(path));
}

const atomicMapsOf = remembering(500, name => {
  const rows = ATOMIC_MAPS_BY_PLACE.filter(([kinds]) => kinds.test(name));
  return remembering(500, fields => rows.some(([, paths]) => paths.test(fields)));
});

/** `HorizontalPodAutoscaler.autoscaling/v2`. */
function versionedKind(kind: Kind): string {
  return `${kindKey(kind)}/${kind.apiVersion.split('/').at(-1)}`;
}

/** The fields that lead to a value, without the indices of items. */
export function fieldsOf(path: Path): string {
  return formatPointer(path.filter(step => typeof step === 'string'));
}

/** What identifies an item of a list; undefined if it lacks a key. */
export function itemKey(item: JsonValue, keys: readonly ListKey[]): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const values = keys.map(({ name, default: preset }) => item[name] ?? preset);
  return values.includes(undefined) ? undefined : stringifyJson(values);
}

/** The items by their keys; undefined if they are not identified by them, because one lacks a key or two have the same. */
export function itemsByKey(
  items: readonly JsonValue[],
  keys: readonly ListKey[],
): ReadonlyMap<string, { readonly item: JsonValue; readonly index: number }> | undefined {
  const entries = items.map((item, index) => [itemKey(item, keys), { item, index }] as const);
  const named = new Map(
    entries.flatMap(([key, entry]) => (key === undefined ? [] : [[key, entry] as const])),
  );
  return named.size === items.length ? named : undefined;
}
