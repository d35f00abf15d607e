import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import {
  type KubernetesObject,
  kindKey,
  objectAt,
  objectsAt,
  podSpecPath,
  textAt,
} from '@slipway/kubernetes';
import { fieldName } from '../schemas/validate.ts';
import { validateContainer } from './containers.ts';
import { labelProblems, namedBy, within } from './metadata.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';
import { repeated } from './repeated.ts';

/**
 * The spec of a kind's pods.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go, ValidatePodSpec
 */
export function validatePods(object: KubernetesObject): Refusal[] {
  const path = podSpecPath(object);
  const spec = path === undefined ? undefined : objectAt(object, ...path);
  if (path === undefined || spec === undefined) return [];
  return [
    ...containersOf(object, spec, path),
    ...volumesOf(spec, path),
    ...objectsAt(spec, 'tolerations').flatMap((toleration, index) =>
      validateToleration(toleration, [...path, 'tolerations', index]),
    ),
    ...labelProblems(objectAt(spec, 'nodeSelector') ?? {}, [...path, 'nodeSelector']),
    ...namesOf(object, path),
    ...spreadsOf(spec, path),
  ];
}

function containersOf(object: KubernetesObject, spec: JsonObject, path: Path): Refusal[] {
  const containers = objectsAt(spec, 'containers');
  const volumes = volumeNames(object, spec);
  const inits = objectsAt(spec, 'initContainers');
  const all = [
    ...containers.map((value, index) => ({ value, path: [...path, 'containers', index] })),
    ...inits.map((value, index) => ({ value, path: [...path, 'initContainers', index] })),
  ];
  return [
    ...(!Array.isArray(spec['containers']) ? [missing([...path, 'containers'])] : []),
    ...(Array.isArray(spec['containers']) && spec['containers'].length === 0
      ? [invalid([...path, 'containers'], 'must have an item')]
      : []),
    ...(spec['hostNetwork'] === true ? all : []).flatMap(({ value, path: at }) => hostPorts(value, at)),
    ...all.flatMap(({ value, path: at }) => validateContainer(value, at, volumes)),
    // Names within one of the two lists are keys of it.
    ...repeated(
      all.map(({ value, path: at }) => ({ key: textAt(value, 'name'), path: [...at, 'name'] })),
      'name',
    ).filter(({ path: at, other }) => at.at(-3) !== other?.at(-3)),
  ];
}

/** On the host's network, a container's port is the host's. */
function hostPorts(container: JsonObject, path: Path): Refusal[] {
  return objectsAt(container, 'ports').flatMap(({ hostPort, containerPort }, index) =>
    typeof hostPort === 'number' && hostPort !== containerPort
      ? [
          conflicting(
            [...path, 'ports', index, 'hostPort'],
            'must be "containerPort" on the network of the host',
            [...path, 'ports', index, 'containerPort'],
          ),
        ]
      : [],
  );
}

/** The names that a container may mount; those of a StatefulSet's claims too. */
function volumeNames(object: KubernetesObject, spec: JsonObject): ReadonlySet<string> {
  const own = objectsAt(spec, 'volumes').map(volume => textAt(volume, 'name'));
  const claims =
    kindKey(object) === 'StatefulSet.apps'
      ? objectsAt(object, 'spec', 'volumeClaimTemplates').map(claim => textAt(claim, 'metadata', 'name'))
      : [];
  return new Set([...own, ...claims].filter(name => name !== undefined));
}

/** What some sources of volumes must name. */
const NEEDED: Readonly<Record<string, string>> = {
  configMap: 'name',
  secret: 'secretName',
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
};

function volumesOf(spec: JsonObject, path: Path): Refusal[] {
  return objectsAt(spec, 'volumes').flatMap((volume, index) => {
    const at = [...path, 'volumes', index];
    const [first, ...more] = Object.keys(volume).filter(key => key !== 'name' && volume[key] !== null);
    const needed = first === undefined ? undefined : NEEDED[first];
    return [
      ...namedBy(spec, ['volumes', index, 'name'], 'dns1123Label').map(within(path)),
      ...more.map(key =>
        conflicting([...at, key], `is a second source beside ${fieldName([...at, first ?? ''])}`, [
          ...at,
          first ?? '',
        ]),
      ),
      ...(first !== undefined && needed !== undefined && !textAt(volume, first, needed)
        ? [missing([...at, first, needed])]
        : []),
    ];
  });
}

function validateToleration(toleration: JsonObject, path: Path): Refusal[] {
  const { key, operator = 'Equal', value, effect, tolerationSeconds } = toleration;
  const hasKey = typeof key === 'string' && key !== '';
  return [
    ...(hasKey || operator === 'Exists'
      ? []
      : [invalid([...path, 'operator'], 'must be Exists when there is no key')]),
    ...(operator === 'Exists' && typeof value === 'string' && value !== ''
      ? [
          conflicting([...path, 'value'], 'must not be set when the operator is Exists', [
            ...path,
            'operator',
          ]),
        ]
      : []),
    ...(tolerationSeconds !== undefined && tolerationSeconds !== null && effect !== 'NoExecute'
      ? [invalid([...path, 'effect'], 'must be NoExecute when "tolerationSeconds" is set')]
      : []),
    ...namedBy(toleration, ['key'], 'qualifiedName').map(within(path)),
  ];
}

function namesOf(object: KubernetesObject, path: Path): Refusal[] {
  // The controller of a StatefulSet replaces both.
  const hosts = kindKey(object) === 'StatefulSet.apps' ? [] : ['hostname', 'subdomain'];
  return [
    ...hosts.flatMap(field => namedBy(object, [...path, field], 'dns1123Label')),
    ...['serviceAccountName', 'priorityClassName', 'runtimeClassName', 'nodeName'].flatMap(field =>
      namedBy(object, [...path, field], 'dns1123Subdomain'),
    ),
  ];
}

function spreadsOf(spec: JsonObject, path: Path): Refusal[] {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const terms = ['podAffinity', 'podAntiAffinity'].flatMap(kind => [
    ...objectsAt(spec, 'affinity', kind, required).map((term, index) => ({
      term: term as JsonValue,
      at: ['affinity', kind, required, index] as Path,
    })),
    ...objectsAt(spec, 'affinity', kind, preferred).map((term, index) => ({
      term: (term['podAffinityTerm'] ?? {}) as JsonValue,
      at: ['affinity', kind, preferred, index, 'podAffinityTerm'] as Path,
    })),
  ]);
  const spreads = objectsAt(spec, 'topologySpreadConstraints').map((term, index) => ({
    term: term as JsonValue,
    at: ['topologySpreadConstraints', index] as Path,
  }));
  return [...terms, ...spreads].flatMap(({ term, at }) =>
    isJsonObject(term) && !textAt(term, 'topologyKey') ? [missing([...path, ...at, 'topologyKey'])] : [],
  );
}
