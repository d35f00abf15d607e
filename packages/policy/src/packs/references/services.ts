import { isJsonObject, type JsonObject, quote, textMap } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { Discovery } from '../../findings.ts';
import type { Neighbourhood, Workload } from '../neighbourhood.ts';
import { entriesOf, inside, servingContainers, textOf } from '../pod-templates.ts';
import { broken, type CheckObject, missing } from './rules.ts';

/** The rules about Services and what names them. */
export const SERVICE_CHECKS: readonly CheckObject[] = [checkService, checkIngress];

/** Services that select no pod, or whose target port no container of the pods has. */
function checkService(service: KubernetesObject, all: Neighbourhood): Discovery[] {
  const spec = inside(service['spec']);
  if (service.apiVersion !== 'v1' || service.kind !== 'Service' || spec['type'] === 'ExternalName') return [];
  const selector = textMap(spec['selector']);
  // Without a selector the endpoints are managed elsewhere.
  if (Object.keys(selector).length === 0) return [];
  const namespace = all.namespaceOf(service);
  const selected = all.selectedBy({ matchLabels: selector }, namespace);
  const made = all.madePods({ matchLabels: selector }, namespace);
  if (selected.length === 0)
    return missing('service-selects-nothing', '/spec/selector', 'it selects no pod of these manifests', made);
  // Nothing is known of the ports of pods that a controller makes.
  if (made.made === 'yes') return [];
  return entriesOf(spec['ports']).flatMap(([index, port]) => checkPort(index, port, selected));
}

function checkPort(index: number, port: JsonObject, selected: readonly Workload[]): Discovery[] {
  const target = port['targetPort'] ?? port['port'];
  const protocol = protocolOf(port);
  const ports = selected.flatMap(({ template }) =>
    servingContainers(template).flatMap(container =>
      entriesOf(container['ports']).flatMap(([, entry]) => (protocolOf(entry) === protocol ? [entry] : [])),
    ),
  );
  const pointer = `/spec/ports/${index}/targetPort`;
  if (typeof target === 'string')
    return ports.some(({ name }) => name === target)
      ? []
      : [
          broken(
            'service-port',
            pointer,
            `no container that runs in the selected pods has a port called ${quote(target)} for ${protocol}`,
          ),
        ];
  // Containers need not declare their ports, so a number can only be wrong if they declare others.
  const declared = selected.some(({ template }) =>
    servingContainers(template).some(container => entriesOf(container['ports']).length > 0),
  );
  if (!declared || ports.some(({ containerPort }) => containerPort === target)) return [];
  return [
    {
      ...broken(
        'service-port',
        pointer,
        `no container of the selected pods has the port ${String(target)} for ${protocol}`,
      ),
      severity: 'warning',
    },
  ];
}

function protocolOf(port: JsonObject): string {
  return textOf(port['protocol']) ?? 'TCP';
}

/** Backends of an Ingress that name a missing Service, or a missing port of one. */
function checkIngress(ingress: KubernetesObject, all: Neighbourhood): Discovery[] {
  if (ingress.apiVersion !== 'networking.k8s.io/v1' || ingress.kind !== 'Ingress') return [];
  const spec = inside(ingress['spec']);
  const paths = entriesOf(spec['rules']).flatMap(([rule, { http }]) =>
    entriesOf(inside(http)['paths']).map(
      ([path, entry]) => [`/spec/rules/${rule}/http/paths/${path}/backend`, entry['backend']] as const,
    ),
  );
  return [['/spec/defaultBackend', spec['defaultBackend']] as const, ...paths].flatMap(
    ([pointer, backend]) => {
      const service = inside(backend)['service'];
      return isJsonObject(service) ? checkBackend(service, `${pointer}/service`, ingress, all) : [];
    },
  );
}

/**
 * Stands for what an annotation says, such as a redirect, and not for a Service.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
 */
const ACTION_PORT = 'use-annotation';

function checkBackend(
  backend: JsonObject,
  pointer: string,
  ingress: KubernetesObject,
  all: Neighbourhood,
): Discovery[] {
  const name = textOf(backend['name']);
  const { number, name: portName } = inside(backend['port']);
  if (name === undefined || portName === ACTION_PORT) return [];
  const service = all.find({ apiVersion: 'v1', kind: 'Service', namespace: all.namespaceOf(ingress), name });
  if (service === undefined) {
    const message = `there is no Service ${quote(name)} among these manifests`;
    const made = all.madeObject('Service', all.namespaceOf(ingress), name);
    return missing('ingress-backend', `${pointer}/name`, message, made);
  }
  const spec = inside(service['spec']);
  const ports = entriesOf(spec['ports']).map(([, port]) => port);
  // Controllers connect to another name at the number itself, as such a Service needs no ports.
  if (spec['type'] === 'ExternalName' && ports.length === 0 && portName === undefined) return [];
  if (ports.some(port => (portName === undefined ? port['port'] === number : port['name'] === portName)))
    return [];
  return [
    broken(
      'ingress-backend',
      `${pointer}/port`,
      `Service ${quote(name)} has no port ${quote(String(portName ?? number))}`,
    ),
  ];
}
