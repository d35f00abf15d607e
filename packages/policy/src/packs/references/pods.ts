import { isJsonObject, type JsonObject, type JsonValue, type KubernetesObject, quote } from '@slipway/core';
import type { Discovery } from '../../findings.ts';
import type { Neighbourhood, Workload } from '../neighbourhood.ts';
import { containersOf, entriesOf, inside, textOf } from '../pod-templates.ts';
import { broken, type ReferenceRule } from './rules.ts';

type Kind = 'ConfigMap' | 'Secret';

/** Something of a pod that names a ConfigMap or Secret, and perhaps keys of it. */
interface Use {
  readonly kind: Kind;
  readonly name: string | undefined;
  readonly keys: readonly (readonly [key: string, pointer: string])[];
  /** Of the name. */
  readonly pointer: string;
  readonly optional: boolean;
}

/** What the pods of a workload need and these manifests do not have. */
export function checkPods(workload: Workload, all: Neighbourhood): Discovery[] {
  const uses = [...containerUses(workload), ...volumeUses(workload)];
  return [
    ...uses.flatMap(use => checkUse(use, workload, all)),
    ...checkServiceAccount(workload, all),
    ...checkClaims(workload, all),
  ];
}

/** ConfigMaps that every namespace has. */
const PROVIDED = new Set(['kube-root-ca.crt']);

function checkUse(
  { kind, name, keys, pointer, optional }: Use,
  { namespace }: Workload,
  all: Neighbourhood,
): Discovery[] {
  if (name === undefined || optional || (kind === 'ConfigMap' && PROVIDED.has(name))) return [];
  const object = all.find('', kind, namespace, name);
  if (object === undefined) {
    const rule: ReferenceRule = kind === 'ConfigMap' ? 'missing-config-map' : 'missing-secret';
    return [broken(rule, pointer, `there is no ${kind} ${quote(name)} among these manifests`)];
  }
  const present = keysOf(object);
  return keys
    .filter(([key]) => !present.has(key))
    .map(([key, place]) => broken('missing-key', place, `${kind} ${quote(name)} has no key ${quote(key)}`));
}

function keysOf(object: KubernetesObject): ReadonlySet<string> {
  return new Set(['data', 'binaryData', 'stringData'].flatMap(field => Object.keys(inside(object[field]))));
}

function containerUses({ template }: Workload): Use[] {
  return containersOf(template).flatMap(([pointer, container]) => [
    ...entriesOf(container['envFrom']).flatMap(([index, source]) => [
      ...wholeUse('ConfigMap', source['configMapRef'], `${pointer}/envFrom/${index}/configMapRef`, 'name'),
      ...wholeUse('Secret', source['secretRef'], `${pointer}/envFrom/${index}/secretRef`, 'name'),
    ]),
    ...entriesOf(container['env']).flatMap(([index, { valueFrom }]) => [
      ...keyUse(
        'ConfigMap',
        inside(valueFrom)['configMapKeyRef'],
        `${pointer}/env/${index}/valueFrom/configMapKeyRef`,
      ),
      ...keyUse(
        'Secret',
        inside(valueFrom)['secretKeyRef'],
        `${pointer}/env/${index}/valueFrom/secretKeyRef`,
      ),
    ]),
  ]);
}

function volumeUses({ template }: Workload): Use[] {
  return entriesOf(template.spec['volumes']).flatMap(([index, volume]) => {
    const pointer = `${template.pointer}/volumes/${index}`;
    return [
      ...wholeUse('ConfigMap', volume['configMap'], `${pointer}/configMap`, 'name'),
      ...wholeUse('Secret', volume['secret'], `${pointer}/secret`, 'secretName'),
      ...entriesOf(inside(volume['projected'])['sources']).flatMap(([source, entry]) => [
        ...wholeUse(
          'ConfigMap',
          entry['configMap'],
          `${pointer}/projected/sources/${source}/configMap`,
          'name',
        ),
        ...wholeUse('Secret', entry['secret'], `${pointer}/projected/sources/${source}/secret`, 'name'),
      ]),
    ];
  });
}

/** A use of all keys, or of those that `items` lists. */
function wholeUse(kind: Kind, source: JsonValue | undefined, pointer: string, nameField: string): Use[] {
  if (!isJsonObject(source)) return [];
  const keys = entriesOf(source['items']).flatMap(([index, { key }]) =>
    typeof key === 'string' ? [[key, `${pointer}/items/${index}/key`] as const] : [],
  );
  return [
    {
      kind,
      name: textOf(source[nameField]),
      keys,
      pointer: `${pointer}/${nameField}`,
      optional: source['optional'] === true,
    },
  ];
}

function keyUse(kind: Kind, source: JsonValue | undefined, pointer: string): Use[] {
  if (!isJsonObject(source)) return [];
  const key = textOf(source['key']);
  const keys = key === undefined ? [] : [[key, `${pointer}/key`] as const];
  return [
    {
      kind,
      name: textOf(source['name']),
      keys,
      pointer: `${pointer}/name`,
      optional: source['optional'] === true,
    },
  ];
}

function checkServiceAccount({ template, namespace }: Workload, all: Neighbourhood): Discovery[] {
  const name = textOf(template.spec['serviceAccountName']);
  if (
    name === undefined ||
    name === 'default' ||
    all.find('', 'ServiceAccount', namespace, name) !== undefined
  )
    return [];
  return [
    broken(
      'missing-service-account',
      `${template.pointer}/serviceAccountName`,
      `there is no ServiceAccount ${quote(name)} among these manifests`,
    ),
  ];
}

function checkClaims({ template, namespace }: Workload, all: Neighbourhood): Discovery[] {
  return entriesOf(template.spec['volumes']).flatMap(([index, volume]) => {
    const claim: JsonObject = inside(volume['persistentVolumeClaim']);
    const name = textOf(claim['claimName']);
    if (name === undefined || all.find('', 'PersistentVolumeClaim', namespace, name) !== undefined) return [];
    const pointer = `${template.pointer}/volumes/${index}/persistentVolumeClaim/claimName`;
    return [
      broken(
        'missing-claim',
        pointer,
        `there is no PersistentVolumeClaim ${quote(name)} among these manifests`,
      ),
    ];
  });
}
