import { isJsonObject, quote } from '@slipway/core';
import { apiGroup, type KubernetesObject, parseSelector, selectorKeys } from '@slipway/kubernetes';
import type { Discovery } from '../../findings.ts';
import type { Neighbourhood } from '../neighbourhood.ts';
import { entriesOf, inside, textOf } from '../pod-templates.ts';
import { broken, type CheckObject, missing } from './rules.ts';

/** The rules about what selects pods, and about what webhooks call. */
export const SELECTOR_CHECKS: readonly CheckObject[] = [
  checkDisruptionBudget,
  checkNetworkPolicy,
  checkWebhooks,
];

function checkDisruptionBudget(object: KubernetesObject, all: Neighbourhood): Discovery[] {
  if (object.kind !== 'PodDisruptionBudget' || apiGroup(object.apiVersion) !== 'policy') return [];
  return checkSelector(object, 'selector', 'disruption-budget-selects-nothing', all);
}

function checkNetworkPolicy(object: KubernetesObject, all: Neighbourhood): Discovery[] {
  if (object.kind !== 'NetworkPolicy' || apiGroup(object.apiVersion) !== 'networking.k8s.io') return [];
  return checkSelector(object, 'podSelector', 'network-policy-selects-nothing', all);
}

function checkSelector(
  object: KubernetesObject,
  field: string,
  rule: 'disruption-budget-selects-nothing' | 'network-policy-selects-nothing',
  all: Neighbourhood,
): Discovery[] {
  const selector = parseSelector(inside(object['spec'])[field]);
  if (selectorKeys(selector).length === 0) return [];
  const namespace = all.namespaceOf(object);
  if (all.selectedBy(selector, namespace).length > 0) return [];
  const made = all.madePods(selector, namespace);
  return missing(rule, `/spec/${field}`, 'it selects no pod of these manifests', made);
}

/** The Services that webhooks call. */
function checkWebhooks(object: KubernetesObject, all: Neighbourhood): Discovery[] {
  if (!/^(?:Validating|Mutating)WebhookConfiguration$/.test(object.kind)) return [];
  return entriesOf(object['webhooks']).flatMap(([index, webhook]): Discovery[] => {
    const service = inside(webhook['clientConfig'])['service'];
    if (!isJsonObject(service)) return [];
    const [namespace, name] = [textOf(service['namespace']) ?? '', textOf(service['name']) ?? ''];
    const pointer = `/webhooks/${index}/clientConfig/service`;
    const found = all.find({ apiVersion: 'v1', kind: 'Service', namespace, name });
    if (found === undefined) {
      const message = `there is no Service ${quote(name)} in ${quote(namespace)} among these manifests`;
      const made = all.madeObject('Service', namespace, name);
      return missing('webhook-service', `${pointer}/name`, message, made);
    }
    const ports = entriesOf(inside(found['spec'])['ports']).map(([, { port }]) => port);
    const wanted = service['port'] ?? 443;
    if (ports.includes(wanted)) return [];
    const message = `Service ${quote(name)} has no port ${String(wanted)}`;
    return [broken('webhook-service', pointer, message)];
  });
}
