import { isIP } from 'node:net';
import type { JsonObject, Path } from '@slipway/core';
import { type KubernetesObject, kindKey, objectsAt, textAt } from '@slipway/kubernetes';
import { conflicting, invalid, type Refusal } from './refusal.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/networking/validation/validation.go, ValidateNetworkPolicySpec */
export function validateNetworkPolicies(object: KubernetesObject): Refusal[] {
  if (kindKey(object) !== 'NetworkPolicy.networking.k8s.io') return [];
  const directions = [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const;
  return directions.flatMap(([direction, peers]) =>
    objectsAt(object, 'spec', direction).flatMap((rule, index) => {
      const path = ['spec', direction, index];
      return [
        ...objectsAt(rule, peers).flatMap((peer, at) => validatePeer(peer, [...path, peers, at])),
        ...objectsAt(rule, 'ports').flatMap((port, at) => validatePort(port, [...path, 'ports', at])),
      ];
    }),
  );
}

function validatePeer(peer: JsonObject, path: Path): Refusal[] {
  const fields = ['podSelector', 'namespaceSelector', 'ipBlock'].filter(
    field => peer[field] !== undefined && peer[field] !== null,
  );
  if (fields.length === 0)
    return [invalid(path, 'must have one of "podSelector", "namespaceSelector", "ipBlock"')];
  const isBoth = fields.includes('ipBlock') && fields.length > 1;
  const cidr = textAt(peer, 'ipBlock', 'cidr');
  return [
    ...(isBoth
      ? [conflicting([...path, 'ipBlock'], 'must not be set beside a selector', [...path, fields[0] ?? ''])]
      : []),
    ...(cidr !== undefined && !isRange(cidr)
      ? [invalid([...path, 'ipBlock', 'cidr'], 'must be a range of addresses such as 10.0.0.0/8')]
      : []),
  ];
}

/** Loosely: an address, a slash, and a number of bits that it can have. */
function isRange(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  // Older versions of Kubernetes take leading zeros.
  const version = isIP(address.replace(/\b0+(?=\d)/g, ''));
  return (
    more.length === 0 && version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  );
}

function validatePort({ port, endPort }: JsonObject, path: Path): Refusal[] {
  if (typeof endPort !== 'number') return [];
  if (typeof port !== 'number')
    return [invalid([...path, 'endPort'], 'must not be set without a number as "port"')];
  return endPort < port
    ? [conflicting([...path, 'endPort'], 'must be at least "port"', [...path, 'port'])]
    : [];
}
