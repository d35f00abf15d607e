import { type JsonObject, type Path, valueAt } from '@slipway/core';
import { type KubernetesObject, kindKey, nameForms, objectAt, objectsAt, textAt } from '@slipway/kubernetes';
import { oneOf } from './containers.ts';
import { namedBy, problemsOf } from './metadata.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/networking/validation/validation.go, validateIngress */
export function validateIngresses(object: KubernetesObject): Refusal[] {
  const spec = objectAt(object, 'spec');
  if (kindKey(object) !== 'Ingress.networking.k8s.io' || spec === undefined) return [];
  const rules = objectsAt(spec, 'rules');
  const fallback = objectAt(spec, 'defaultBackend');
  return [
    ...(rules.length === 0 && fallback === undefined
      ? [missing(['spec', 'rules'], 'and has no "defaultBackend" either')]
      : []),
    ...(fallback === undefined ? [] : backend(fallback, ['spec', 'defaultBackend'])),
    ...rules.flatMap((rule, index) => validateRule(rule, ['spec', 'rules', index])),
    ...objectsAt(spec, 'tls').flatMap((entry, index) => [
      ...hosts(entry, ['spec', 'tls', index]),
      ...namedBy(object, ['spec', 'tls', index, 'secretName'], 'dns1123Subdomain'),
    ]),
  ];
}

function validateRule(rule: JsonObject, path: Path): Refusal[] {
  const http = objectAt(rule, 'http');
  const paths = objectsAt(rule, 'http', 'paths');
  return [
    ...host(textAt(rule, 'host') ?? '', [...path, 'host']),
    ...(http !== undefined && paths.length === 0 ? [missing([...path, 'http', 'paths'])] : []),
    ...paths.flatMap((entry, index) => validatePath(entry, [...path, 'http', 'paths', index])),
  ];
}

function hosts(entry: JsonObject, path: Path): Refusal[] {
  const names = valueAt(entry, ['hosts']);
  return (Array.isArray(names) ? names : []).flatMap((name, index) =>
    typeof name === 'string' && name !== '' ? hostForm(name, [...path, 'hosts', index]) : [],
  );
}

const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

function host(name: string, path: Path): Refusal[] {
  if (name === '') return [];
  if (ADDRESS.test(name)) return [invalid(path, 'must be a DNS name, not an address')];
  return hostForm(name, path);
}

function hostForm(name: string, path: Path): Refusal[] {
  const rest = name.includes('*') ? name.replace(/^\*\./, '') : name;
  return problemsOf(nameForms.dns1123Subdomain.validate(rest), path);
}

function validatePath(entry: JsonObject, at: Path): Refusal[] {
  const { path = '', pathType } = entry;
  const text = typeof path === 'string' ? path : '';
  const isPlain = pathType === 'Exact' || pathType === 'Prefix';
  const target = objectAt(entry, 'backend');
  return [
    ...(text.startsWith('/') || (text === '' && !isPlain)
      ? []
      : [invalid([...at, 'path'], 'must start with "/"')]),
    ...(isPlain && /\/\/|\/\.\.?(?:\/|$)|%2f/i.test(text)
      ? [invalid([...at, 'path'], 'must not contain "//", "/./", "/../" or "%2f"')]
      : []),
    ...(target === undefined ? [] : backend(target, [...at, 'backend'])),
  ];
}

function backend(value: JsonObject, path: Path): Refusal[] {
  const service = objectAt(value, 'service');
  if (service === undefined) return oneOf(value, ['service', 'resource'], path);
  const name = textAt(service, 'name') ?? '';
  const port = objectAt(service, 'port') ?? {};
  const at = [...path, 'service'];
  const [byName, byNumber] = [Boolean(port['name']), Boolean(port['number'])];
  return [
    ...oneOf(value, ['service', 'resource'], path),
    ...(name === ''
      ? [missing([...at, 'name'])]
      : problemsOf(nameForms.dns1123Label.validate(name), [...at, 'name'])),
    ...(byName && byNumber
      ? [conflicting([...at, 'port', 'number'], 'must not be set beside "name"', [...at, 'port', 'name'])]
      : []),
    ...(byName || byNumber ? [] : [missing([...at, 'port'], 'a name or a number')]),
  ];
}
