import { type JsonObject, valueAt } from '@slipway/core';
import { type KubernetesObject, kindKey, objectAt } from '@slipway/kubernetes';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';

/** The sources of a volume, of which each has one. */
const SOURCES = [
  ...[
    'awsElasticBlockStore',
    'azureDisk',
    'azureFile',
    'cephfs',
    'cinder',
    'csi',
    'fc',
    'flexVolume',
    'flocker',
  ],
  ...['gcePersistentDisk', 'glusterfs', 'hostPath', 'iscsi', 'local', 'nfs', 'photonPersistentDisk'],
  ...['portworxVolume', 'quobyte', 'rbd', 'scaleIO', 'storageos', 'vsphereVolume'],
];

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go#L1958 */
export function validateVolumes(object: KubernetesObject): Refusal[] {
  const spec = objectAt(object, 'spec');
  if (kindKey(object) !== 'PersistentVolume' || spec === undefined) return [];
  const sources = SOURCES.filter(source => (spec[source] ?? null) !== null);
  const [first = '', second] = sources;
  return [
    ...modes(spec),
    ...capacity(objectAt(spec, 'capacity') ?? {}),
    ...(sources.length === 0 ? [invalid(['spec'], 'must have the source of the volume, such as "csi"')] : []),
    ...(second === undefined
      ? []
      : [conflicting(['spec', second], `must not be set beside "${first}"`, ['spec', first])]),
    ...affinity(spec),
  ];
}

function modes(spec: JsonObject): Refusal[] {
  const path = ['spec', 'accessModes'];
  const list = valueAt(spec, ['accessModes']);
  if (!Array.isArray(list) || list.length === 0) return [missing(path)];
  return list.includes('ReadWriteOncePod') && list.some(mode => mode !== 'ReadWriteOncePod')
    ? [invalid(path, 'must not have another mode beside ReadWriteOncePod')]
    : [];
}

function capacity(resources: JsonObject): Refusal[] {
  const others = Object.keys(resources).filter(name => name !== 'storage');
  return [
    ...(Object.hasOwn(resources, 'storage') ? [] : [missing(['spec', 'capacity', 'storage'])]),
    ...others.map(name =>
      invalid(['spec', 'capacity', name], 'must not be set: a volume has "storage" only'),
    ),
  ];
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

function affinity(spec: JsonObject): Refusal[] {
  const nodes = objectAt(spec, 'nodeAffinity');
  if (nodes === undefined) return [];
  const path = ['spec', 'nodeAffinity', 'required'];
  const required = objectAt(nodes, 'required');
  if (required === undefined) return [missing(path)];
  const terms = valueAt(required, ['nodeSelectorTerms']);
  if (!Array.isArray(terms) || terms.length === 0) return [missing([...path, 'nodeSelectorTerms'])];
  return terms.flatMap((_, term) => {
    const expressions = valueAt(terms, [term, 'matchExpressions']);
    return (Array.isArray(expressions) ? expressions : []).flatMap((_expression, index) => {
      const operator = valueAt(expressions as never, [index, 'operator']);
      const at = [...path, 'nodeSelectorTerms', term, 'matchExpressions', index, 'operator'];
      return typeof operator === 'string' && !OPERATORS.includes(operator)
        ? [invalid(at, `must be one of ${OPERATORS.join(', ')}`)]
        : [];
    });
  });
}
