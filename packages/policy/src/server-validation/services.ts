import type { JsonObject } from '@slipway/core';
import { type KubernetesObject, kindKey, nameForms, objectAt, objectsAt, textAt } from '@slipway/kubernetes';
import { labelProblems, problemsOf } from './metadata.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';
import { repeated } from './repeated.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go, validateService */
export function validateServices(object: KubernetesObject): Refusal[] {
  const spec = objectAt(object, 'spec');
  if (kindKey(object) !== 'Service' || spec === undefined) return [];
  return [
    ...portsOf(spec),
    ...ofType(spec),
    ...labelProblems(objectAt(spec, 'selector') ?? {}, ['spec', 'selector']),
  ];
}

function portsOf(spec: JsonObject): Refusal[] {
  const ports = objectsAt(spec, 'ports');
  const isFree = spec['clusterIP'] === 'None' || spec['type'] === 'ExternalName';
  if (ports.length === 0) return isFree ? [] : [missing(['spec', 'ports'])];
  const names = ports.map((port, index) => ({
    key: textAt(port, 'name'),
    path: ['spec', 'ports', index, 'name'],
  }));
  return [
    ...(ports.length > 1
      ? names.filter(({ key }) => !key).map(({ path }) => missing(path, 'which each of several ports needs'))
      : []),
    ...names.flatMap(({ key, path }) => (key ? problemsOf(nameForms.dns1123Label.validate(key), path) : [])),
    ...repeated(names, 'name'),
    ...nodePorts(spec, ports),
  ];
}

function nodePorts(spec: JsonObject, ports: readonly JsonObject[]): Refusal[] {
  const given = ports.flatMap(({ nodePort, protocol = 'TCP' }, index) =>
    typeof nodePort === 'number' && nodePort !== 0
      ? [{ key: `${nodePort}/${String(protocol)}`, path: ['spec', 'ports', index, 'nodePort'] }]
      : [],
  );
  if ((spec['type'] ?? 'ClusterIP') === 'ClusterIP')
    return given.map(({ path }) =>
      conflicting(path, 'must not be set when the type is ClusterIP', ['spec', 'type']),
    );
  return repeated(given, 'port');
}

const ONLY_LOAD_BALANCER = ['loadBalancerSourceRanges', 'allocateLoadBalancerNodePorts', 'loadBalancerClass'];

function ofType(spec: JsonObject): Refusal[] {
  const { type = 'ClusterIP', clusterIP } = spec;
  const isSet = (field: string): boolean => {
    const value = spec[field];
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  };
  const isPublic = type === 'NodePort' || type === 'LoadBalancer' || isSet('externalIPs');
  const headless = clusterIP === 'None' && (type === 'NodePort' || type === 'LoadBalancer');
  return [
    ...(headless
      ? [conflicting(['spec', 'clusterIP'], `must not be None when the type is ${type}`, ['spec', 'type'])]
      : []),
    ...(type === 'LoadBalancer' ? [] : ONLY_LOAD_BALANCER.filter(isSet)).map(field =>
      conflicting(['spec', field], 'must not be set when the type is not LoadBalancer', ['spec', 'type']),
    ),
    ...(!isPublic && textAt(spec, 'externalTrafficPolicy')
      ? [
          invalid(
            ['spec', 'externalTrafficPolicy'],
            'must not be set when the type is neither NodePort nor LoadBalancer',
          ),
        ]
      : []),
    ...(type === 'ExternalName' ? externalName(spec) : []),
    ...(spec['sessionAffinity'] !== 'ClientIP' && isSet('sessionAffinityConfig')
      ? [invalid(['spec', 'sessionAffinityConfig'], 'must not be set when "sessionAffinity" is not ClientIP')]
      : []),
  ];
}

function externalName(spec: JsonObject): Refusal[] {
  const name = (textAt(spec, 'externalName') ?? '').replace(/\.$/, '');
  const path = ['spec', 'externalName'];
  return name === '' ? [missing(path)] : problemsOf(nameForms.dns1123Subdomain.validate(name), path);
}
