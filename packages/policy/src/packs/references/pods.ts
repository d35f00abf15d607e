import { formatPointer, quote } from '@slipway/core';
import {
  filledKeys,
  type KubernetesObject,
  type PodReference,
  type ProvidedKind,
  podReferences,
} from '@slipway/kubernetes';
import type { Discovery } from '../../findings.ts';
import type { Neighbourhood, Workload } from '../neighbourhood.ts';
import { inside } from '../pod-templates.ts';
import { broken, missing, type ReferenceRule } from './rules.ts';

/** The rule about each kind that a pod needs in order to start; other kinds that it names are not checked. */
const rules = {
  ConfigMap: 'missing-config-map',
  Secret: 'missing-secret',
  ServiceAccount: 'missing-service-account',
  PersistentVolumeClaim: 'missing-claim',
} as const satisfies Partial<Record<ProvidedKind, ReferenceRule>>;

function isNeeded(kind: string): kind is keyof typeof rules {
  return Object.hasOwn(rules, kind);
}

/** Objects that exist in every namespace. */
const PROVIDED: ReadonlySet<string> = new Set(['ConfigMap kube-root-ca.crt', 'ServiceAccount default']);

/** What the pods of a workload need and these manifests lack. */
export function checkPods(workload: Workload, all: Neighbourhood): Discovery[] {
  const { spec } = workload.template;
  return podReferences(spec)
    .filter(reference => !isRepeated(reference, spec['serviceAccountName']))
    .flatMap(reference => checkReference(reference, workload, all));
}

/** Whether it is the old name of `serviceAccountName`, which the API server sets to the same value. */
function isRepeated({ path, name }: PodReference, account: unknown): boolean {
  return path[0] === 'serviceAccount' && name === account;
}

function checkReference(
  { kind, name, path, keys, optional }: PodReference,
  { namespace, template }: Workload,
  all: Neighbourhood,
): Discovery[] {
  if (!isNeeded(kind) || optional || PROVIDED.has(`${kind} ${name}`)) return [];
  const object = all.find({ apiVersion: 'v1', kind, namespace, name });
  if (object === undefined) {
    const pointer = `${template.pointer}${formatPointer(path)}`;
    const message = `there is no ${kind} ${quote(name)} among these manifests`;
    return missing(rules[kind], pointer, message, all.madeObject(kind, namespace, name));
  }
  const filled = filledKeys(object);
  if (filled === 'any') return [];
  const present = new Set([...keysOf(object), ...filled]);
  return keys
    .filter(({ key }) => !present.has(key))
    .map(({ key, path: at }) =>
      broken(
        'missing-key',
        `${template.pointer}${formatPointer(at)}`,
        `${kind} ${quote(name)} has no key ${quote(key)}`,
      ),
    );
}

function keysOf(object: KubernetesObject): readonly string[] {
  return ['data', 'binaryData', 'stringData'].flatMap(field => Object.keys(inside(object[field])));
}
