import { isIP } from 'node:net';
import { type Path, valueAt } from '@slipway/core';
import { type KubernetesObject, kindKey, nameForms, objectsAt, textAt } from '@slipway/kubernetes';
import { problemsOf } from './metadata.ts';
import { invalid, missing, type Refusal } from './refusal.ts';

const TYPES = ['IPv4', 'IPv6', 'FQDN'];
/** Addresses with zeros before a number are read as they were in older versions. */
const LEADING_ZERO = /(?:^|\.)0\d/;

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/discovery/validation/validation.go */
export function validateEndpointSlices(object: KubernetesObject): Refusal[] {
  if (kindKey(object) !== 'EndpointSlice.discovery.k8s.io') return [];
  const type = textAt(object, 'addressType') ?? '';
  return [
    ...(TYPES.includes(type) ? [] : [invalid(['addressType'], `must be one of ${TYPES.join(', ')}`)]),
    ...objectsAt(object, 'endpoints').flatMap((endpoint, index) =>
      addresses(valueAt(endpoint, ['addresses']), type, ['endpoints', index, 'addresses']),
    ),
    ...portNames(object),
  ];
}

function addresses(list: unknown, type: string, path: Path): Refusal[] {
  if (!Array.isArray(list) || list.length === 0) return [missing(path)];
  const isWrong: (text: string) => boolean =
    type === 'IPv4'
      ? text => !LEADING_ZERO.test(text) && isIP(text) !== 4
      : text => type === 'IPv6' && isIP(text) !== 6;
  return list.flatMap((address: unknown, index) =>
    typeof address === 'string' && isWrong(address)
      ? [invalid([...path, index], `must be an ${type} address`)]
      : [],
  );
}

function portNames(object: KubernetesObject): Refusal[] {
  const names = objectsAt(object, 'ports').map(port => textAt(port, 'name') ?? '');
  return names.flatMap((name, index) => {
    const path = ['ports', index, 'name'];
    const first = names.indexOf(name);
    return [
      ...(name === '' ? [] : problemsOf(nameForms.dns1123Label.validate(name), path)),
      ...(first < index
        ? [{ ...invalid(path, 'is the name of a port before it too'), other: ['ports', first] }]
        : []),
    ];
  });
}
