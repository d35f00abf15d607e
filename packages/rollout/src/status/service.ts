import { type JsonObject, textMap, valueAt } from '@slipway/core';
import {
  type Kind,
  type KubernetesObject,
  type LabelSelector,
  namespaceOf,
  numberAt,
  objectAt,
  objectsAt,
  parseSelector,
  selectorKeys,
  selects,
  textAt,
} from '@slipway/kubernetes';
import { count } from '../text.ts';
import { DEPLOYMENT, ENDPOINT_SLICE, REPLICA_SET, STATEFUL_SET } from './kinds.ts';
import { type ClusterView, inProgress, ready, type Status, unknown } from './status.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';

/** Kinds whose pods a Service may select, and that may be scaled to 0 on purpose. */
const WORKLOADS = [DEPLOYMENT, STATEFUL_SET, REPLICA_SET];

/** A Service is usable once something answers: with a selector it needs a ready endpoint, as a load balancer an address. */
export function service(object: KubernetesObject, view: ClusterView): Status {
  const type = textAt(object, 'spec', 'type');
  if (type === 'ExternalName') return ready('it is an alias for another host');
  if (type === 'LoadBalancer' && objectsAt(object, 'status', 'loadBalancer', 'ingress').length === 0)
    return inProgress('its load balancer has no address yet');
  const selector = parseSelector(valueAt(object, ['spec', 'selector']), true);
  if (selectorKeys(selector).length === 0) return ready('it has no selector');
  const slices = view.labelled(ENDPOINT_SLICE, namespaceOf(object), SERVICE_NAME, object.metadata.name);
  if (slices === undefined) return unknown('its endpoints cannot be read');
  const endpoints = slices.flatMap(readyEndpoints).length;
  if (endpoints > 0) return ready(count(endpoints, 'ready endpoint'), { progress: 1 });
  return isScaledToZero(object, selector, view)
    ? ready('the workloads that it selects are scaled to 0')
    : inProgress('it has no ready endpoint');
}

/** `ready` without a value means yes: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/ */
function readyEndpoints(slice: KubernetesObject): readonly JsonObject[] {
  return objectsAt(slice, 'endpoints').filter(
    endpoint => objectAt(endpoint, 'conditions')?.['ready'] !== false,
  );
}

function isScaledToZero(object: KubernetesObject, selector: LabelSelector, view: ClusterView): boolean {
  const selected = WORKLOADS.flatMap(kind => candidates(kind, namespaceOf(object), selector, view)).filter(
    workload => selects(selector, textMap(objectAt(workload, 'spec', 'template', 'metadata', 'labels'))),
  );
  return selected.length > 0 && selected.every(workload => numberAt(workload, 'spec', 'replicas') === 0);
}

/** The workloads of a kind whose pods have the rarest label of a selector, since many may share the others. */
function candidates(
  kind: Kind,
  namespace: string,
  { matchLabels = {} }: LabelSelector,
  view: ClusterView,
): readonly KubernetesObject[] {
  const found = Object.entries(matchLabels).map(
    ([key, value]) => view.labelled(kind, namespace, key, value) ?? [],
  );
  return found.reduce((rarest, one) => (one.length < rarest.length ? one : rarest));
}
