import { type KubernetesObject, kindKey, nameForms, textAt } from '@slipway/kubernetes';
import { namedBy, problemsOf } from './metadata.ts';
import { invalid, missing, type Refusal } from './refusal.ts';

const MAX_PRIORITY = 1_000_000_000;
/** A name of DNS, a slash, and what may be in the path of a URL. */
const PREFIXED_PATH = /^([^/]+)\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

/** What the classes that other objects name must say of who serves them. The sources are the files validation.go of their groups. */
const BY_KIND: Readonly<Record<string, (object: KubernetesObject) => Refusal[]>> = {
  'IngressClass.networking.k8s.io': ingressClass,
  'PriorityClass.scheduling.k8s.io': priorityClass,
  'RuntimeClass.node.k8s.io': object =>
    needed(object, 'handler') ?? namedBy(object, ['handler'], 'dns1123Label'),
  'StorageClass.storage.k8s.io': storageClass,
};

/** https://github.com/kubernetes/kubernetes/tree/v1.36.3/pkg/apis */
export function validateClasses(object: KubernetesObject): Refusal[] {
  return BY_KIND[kindKey(object)]?.(object) ?? [];
}

function needed(object: KubernetesObject, ...path: string[]): Refusal[] | undefined {
  return (textAt(object, ...path) ?? '') === '' ? [missing(path)] : undefined;
}

function storageClass(object: KubernetesObject): Refusal[] {
  const provisioner = textAt(object, 'provisioner') ?? '';
  return (
    needed(object, 'provisioner') ??
    problemsOf(nameForms.qualifiedName.validate(provisioner.toLowerCase()), ['provisioner'])
  );
}

function ingressClass(object: KubernetesObject): Refusal[] {
  const path = ['spec', 'controller'];
  const controller = textAt(object, ...path) ?? '';
  const [, host] = PREFIXED_PATH.exec(controller) ?? [];
  const isRight = host !== undefined && nameForms.dns1123Subdomain.validate(host).length === 0;
  return needed(object, ...path) ?? (isRight ? [] : [invalid(path, 'must be like example.com/controller')]);
}

/** Names that begin with `system-` are the server's own. */
function priorityClass(object: KubernetesObject): Refusal[] {
  const { value } = object as { readonly value?: unknown };
  const isOwn = object.metadata.name?.startsWith('system-') === true;
  return !isOwn && typeof value === 'number' && value > MAX_PRIORITY
    ? [invalid(['value'], `must be at most ${MAX_PRIORITY}`)]
    : [];
}
