import { type JsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import { type KubernetesObject, kindKey, nameForms, objectAt, objectsAt, textAt } from '@slipway/kubernetes';
import { invalid, missing, type Refusal } from './refusal.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go#L7623 and #L8112 */
export function validateQuotas(object: KubernetesObject): Refusal[] {
  if (kindKey(object) === 'LimitRange') return limitTypes(object);
  return kindKey(object) === 'ResourceQuota' ? scopeSelector(object) : [];
}

const LIMIT_TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];

function limitTypes(object: KubernetesObject): Refusal[] {
  const types = objectsAt(object, 'spec', 'limits').map(limit => textAt(limit, 'type') ?? '');
  return types.flatMap((type, index) => {
    const path = ['spec', 'limits', index, 'type'];
    const isNamed = nameForms.qualifiedName.validate(type).length === 0;
    const isRight = isNamed && (type.includes('/') || LIMIT_TYPES.includes(type));
    const first = types.indexOf(type);
    return [
      ...(isRight
        ? []
        : [invalid(path, `must be ${LIMIT_TYPES.join(', ')}, or a name such as example.com/type`)]),
      ...(first < index
        ? [{ ...invalid(path, 'is the type of limits before it too'), other: [...path.slice(0, 2), first] }]
        : []),
    ];
  });
}

const OF_PODS = [
  ...['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'],
];
/** The resources that a quota with a scope can limit, of those that Kubernetes itself has. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  BestEffort: ['pods'],
  CrossNamespacePodAffinity: OF_PODS,
  NotBestEffort: OF_PODS,
  NotTerminating: OF_PODS,
  PriorityClass: OF_PODS,
  Terminating: OF_PODS,
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};
const WITHOUT_VALUES = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'Terminating',
];
const STANDARD = [
  ...OF_PODS,
  ...['ephemeral-storage', 'requests.storage', 'requests.ephemeral-storage', 'limits.ephemeral-storage'],
  ...[
    'resourcequotas',
    'services',
    'replicationcontrollers',
    'secrets',
    'persistentvolumeclaims',
    'configmaps',
  ],
  ...['services.nodeports', 'services.loadbalancers'],
];

function scopeSelector(object: KubernetesObject): Refusal[] {
  const limited = Object.keys(objectAt(object, 'spec', 'hard') ?? {}).filter(name => STANDARD.includes(name));
  const at = ['spec', 'scopeSelector', 'matchExpressions'];
  return objectsAt(object, ...at).flatMap((expression, index) => scope(expression, limited, [...at, index]));
}

function scope(expression: JsonObject, limited: readonly string[], path: Path): Refusal[] {
  const name = textAt(expression, 'scopeName') ?? '';
  const allowed = Object.hasOwn(SCOPES, name) ? SCOPES[name] : undefined;
  if (allowed === undefined)
    return [invalid([...path, 'scopeName'], `must be one of ${Object.keys(SCOPES).join(', ')}`)];
  const other = limited.find(resource => !allowed.includes(resource));
  return [
    ...(other === undefined
      ? []
      : [invalid([...path, 'scopeName'], `must not be ${name} in a quota of "${other}"`)]),
    ...operatorProblems(expression, name, path),
  ];
}

function operatorProblems(expression: JsonObject, name: string, path: Path): Refusal[] {
  const operator = textAt(expression, 'operator') ?? '';
  const at = [...path, 'operator'];
  if (WITHOUT_VALUES.includes(name) && operator !== 'Exists')
    return [invalid(at, `must be Exists for the scope ${name}`)];
  const hasValues = !isEmpty(valueAt(expression, ['values']));
  if (operator === 'In' || operator === 'NotIn') return hasValues ? [] : [missing([...path, 'values'])];
  if (operator !== 'Exists' && operator !== 'DoesNotExist')
    return [invalid(at, 'must be one of In, NotIn, Exists, DoesNotExist')];
  return hasValues ? [invalid([...path, 'values'], `must not be set for the operator ${operator}`)] : [];
}

function isEmpty(list: JsonValue | undefined): boolean {
  return !Array.isArray(list) || list.length === 0;
}
