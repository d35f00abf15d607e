import { type JsonObject, type Path, valueAt } from '@slipway/core';
import { type KubernetesObject, kindKey, objectAt, objectsAt } from '@slipway/kubernetes';
import { nanosOf } from './containers.ts';
import { namedBy, within } from './metadata.ts';
import { invalid, missing, type Refusal } from './refusal.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go, ValidatePersistentVolumeClaimSpec */
export function validateStorage(object: KubernetesObject): Refusal[] {
  const kind = kindKey(object);
  if (kind === 'PersistentVolumeClaim') return claim(objectAt(object, 'spec'), ['spec']);
  if (kind === 'StatefulSet.apps')
    return objectsAt(object, 'spec', 'volumeClaimTemplates').flatMap((template, index) =>
      claim(objectAt(template, 'spec'), ['spec', 'volumeClaimTemplates', index, 'spec']),
    );
  return kind === 'Secret' ? secretKeys(object) : [];
}

function claim(spec: JsonObject | undefined, path: Path): Refusal[] {
  if (spec === undefined) return path.length > 1 ? [missing(path)] : [];
  const modes = valueAt(spec, ['accessModes']);
  const list = Array.isArray(modes) ? modes : [];
  const storage = valueAt(spec, ['resources', 'requests', 'storage']);
  const at = [...path, 'resources', 'requests', 'storage'];
  return [
    ...namedBy(spec, ['storageClassName'], 'dns1123Subdomain').map(within(path)),
    ...(list.length === 0 ? [missing([...path, 'accessModes'])] : []),
    ...(list.includes('ReadWriteOncePod') && list.length > 1
      ? [invalid([...path, 'accessModes'], 'must not have another mode beside ReadWriteOncePod')]
      : []),
    ...(storage === undefined || storage === null ? [missing(at)] : []),
    ...(typeof storage === 'string' && nanosOf(storage) <= 0n && /^[-+]?[\d.]/.test(storage)
      ? [invalid(at, 'must be more than 0')]
      : []),
  ];
}

/** The keys that the types of Secrets need. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function secretKeys(secret: JsonObject): Refusal[] {
  const type = String(secret['type'] ?? '');
  const data = objectAt(secret, 'data') ?? {};
  const needed = Object.hasOwn(NEEDED, type) ? (NEEDED[type] ?? []) : [];
  const isBasic = type === 'kubernetes.io/basic-auth';
  return [
    ...needed
      .filter(key => !Object.hasOwn(data, key))
      .map(key => missing(['data', key], `which the type ${type} needs`)),
    ...(isBasic && !Object.hasOwn(data, 'username') && !Object.hasOwn(data, 'password')
      ? [missing(['data', 'password'], 'and has no "username" either')]
      : []),
  ];
}
