import { isJsonObject, type JsonObject, type JsonValue, type Path, quote, remembering } from '@slipway/core';
import { nameForms, objectAt, objectsAt, parseQuantity, textAt } from '@slipway/kubernetes';
import { fieldName } from '../schemas/validate.ts';
import { namedBy, problemsOf, within } from './metadata.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';
import { repeated } from './repeated.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/**
 * One container.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go, validateContainerCommon
 * @param volumes the names of what it may mount
 */
export function validateContainer(
  container: JsonObject,
  path: Path,
  volumes: ReadonlySet<string>,
): Refusal[] {
  const isRestartable = container['restartPolicy'] === 'Always';
  const isInit = path.at(-2) === 'initContainers' && !isRestartable;
  const handled = [...PROBES, 'lifecycle'].filter(field => isJsonObject(container[field]));
  const name = textAt(container, 'name') ?? '';
  return [
    ...(name === ''
      ? [missing([...path, 'name'])]
      : problemsOf(nameForms.dns1123Label.validate(name), [...path, 'name'])),
    ...(textAt(container, 'image') ? [] : [missing([...path, 'image'])]),
    ...(isInit
      ? handled.map(field =>
          invalid(
            [...path, field],
            'must not be set for an init container whose restartPolicy is not Always',
          ),
        )
      : [...handlersOf(container, path), ...thresholds(container, path)]),
    ...portNames(container, path),
    ...objectsAt(container, 'env').flatMap((entry, index) =>
      validateVariable(entry, [...path, 'env', index]),
    ),
    ...objectsAt(container, 'envFrom').flatMap((entry, index) => [
      ...oneOf(entry, ['configMapRef', 'secretRef'], [...path, 'envFrom', index]),
      ...['configMapRef', 'secretRef'].flatMap(field =>
        namedBy(container, ['envFrom', index, field, 'name'], 'dns1123Subdomain').map(within(path)),
      ),
    ]),
    ...mountsOf(container, path, volumes),
    ...resourcesOf(container, path),
    ...escalation(container, path),
  ];
}

function portNames(container: JsonObject, path: Path): Refusal[] {
  const ports = objectsAt(container, 'ports');
  return repeated(
    ports.map((port, index) => ({ key: textAt(port, 'name'), path: [...path, 'ports', index, 'name'] })),
    'name',
  );
}

/** What remains of a map that must have exactly one of some fields. */
export function oneOf(value: JsonObject, fields: readonly string[], path: Path): Refusal[] {
  const [first, ...more] = fields.filter(field => value[field] !== undefined && value[field] !== null);
  if (first === undefined)
    return [invalid(path, `must have one of ${fields.map(field => quote(field)).join(', ')}`)];
  return more.map(field =>
    conflicting([...path, field], `must not be set beside ${fieldName([...path, first])}`, [...path, first]),
  );
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];

function validateVariable(entry: JsonObject, path: Path): Refusal[] {
  const name = textAt(entry, 'name') ?? '';
  const from = entry['valueFrom'];
  return [
    ...(name === '' ? [missing([...path, 'name'])] : []),
    ...(/^[ -<>-~]*$/.test(name)
      ? []
      : [invalid([...path, 'name'], 'must consist of printable ASCII characters other than "="')]),
    ...(isJsonObject(from) ? oneOf(from, SOURCES, [...path, 'valueFrom']) : []),
    ...['configMapKeyRef', 'secretKeyRef'].flatMap(field =>
      namedBy(entry, ['valueFrom', field, 'name'], 'dns1123Subdomain').map(within(path)),
    ),
    ...(isJsonObject(from) && textAt(entry, 'value')
      ? [conflicting([...path, 'valueFrom'], 'must not be set beside "value"', [...path, 'value'])]
      : []),
  ];
}

function mountsOf(container: JsonObject, path: Path, volumes: ReadonlySet<string>): Refusal[] {
  return ['volumeMounts', 'volumeDevices'].flatMap(list =>
    objectsAt(container, list).flatMap((mount, index) => {
      const name = textAt(mount, 'name') ?? '';
      const at = [...path, list, index];
      return [
        ...(volumes.has(name) ? [] : [noVolume([...at, 'name'], name)]),
        ...['subPath', 'subPathExpr'].flatMap(field => subPath(mount, field, at)),
        ...(textAt(mount, 'subPath') && textAt(mount, 'subPathExpr')
          ? [conflicting([...at, 'subPathExpr'], 'must not be set beside "subPath"', [...at, 'subPath'])]
          : []),
      ];
    }),
  );
}

function noVolume(path: Path, name: string): Refusal {
  return {
    rule: 'schema/missing-volume',
    message: `${fieldName(path)} names the volume ${quote(name)}, which the pod does not have`,
    fix: 'add the volume, or correct the name',
    path,
  };
}

function subPath(mount: JsonObject, field: string, path: Path): Refusal[] {
  const text = textAt(mount, field) ?? '';
  const leads = text.startsWith('/') || text.split('/').includes('..');
  return leads ? [invalid([...path, field], 'must be a relative path without ".."')] : [];
}

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

function handlersOf(container: JsonObject, path: Path): Refusal[] {
  const probes = PROBES.map(field => ({ at: [field], handlers: HANDLERS }));
  const hooks = ['postStart', 'preStop'].map(field => ({
    at: ['lifecycle', field],
    handlers: ['exec', 'httpGet', 'tcpSocket', 'sleep'],
  }));
  return [...probes, ...hooks].flatMap(({ at, handlers }) => {
    const handler = objectAt(container, ...at);
    if (handler === undefined) return [];
    const command = handler['exec'];
    const isEmpty =
      isJsonObject(command) && !(Array.isArray(command['command']) && command['command'].length > 0);
    return [
      ...oneOf(handler, handlers, [...path, ...at]),
      ...(isEmpty ? [missing([...path, ...at, 'exec', 'command'])] : []),
    ];
  });
}

function thresholds(container: JsonObject, path: Path): Refusal[] {
  return ['livenessProbe', 'startupProbe'].flatMap(field => {
    const count = objectAt(container, field)?.['successThreshold'];
    return typeof count === 'number' && count > 1
      ? [invalid([...path, field, 'successThreshold'], 'must be 1')]
      : [];
  });
}

const STANDARD = /^(?:cpu|memory|ephemeral-storage|hugepages-.+)$/;

function resourcesOf(container: JsonObject, path: Path): Refusal[] {
  const limits = objectAt(container, 'resources', 'limits') ?? {};
  const requests = objectAt(container, 'resources', 'requests') ?? {};
  const at = (list: string, name: string): Path => [...path, 'resources', list, name];
  return [
    ...Object.entries({ limits, requests }).flatMap(([list, amounts]) =>
      Object.entries(amounts).flatMap(([name, amount]) => [
        ...(STANDARD.test(name) || name.includes('/')
          ? []
          : [
              invalid(
                at(list, name),
                'must be cpu, memory, ephemeral-storage, hugepages-<size>, or a name with a domain',
              ),
            ]),
        ...(nanosOf(amount) < 0n ? [invalid(at(list, name), 'must be at least 0')] : []),
      ]),
    ),
    ...Object.entries(requests).flatMap(([name, amount]) => {
      const limit = limits[name];
      return limit !== undefined && nanosOf(amount) > nanosOf(limit)
        ? [
            conflicting(
              at('requests', name),
              `must be at most the limit, ${quote(String(limit))}`,
              at('limits', name),
            ),
          ]
        : [];
    }),
  ];
}

/** Zero for what is not a quantity, which the schema's findings report. */
export function nanosOf(value: JsonValue | undefined): bigint {
  return knownNanos(String(value));
}

/** Many containers ask for the same amounts. */
const knownNanos = remembering(1000, text => {
  try {
    return parseQuantity(text).nanos;
  } catch {
    return 0n;
  }
});

function escalation(container: JsonObject, path: Path): Refusal[] {
  const context = objectAt(container, 'securityContext') ?? {};
  if (context['allowPrivilegeEscalation'] !== false) return [];
  const at = [...path, 'securityContext'];
  const own = [...at, 'allowPrivilegeEscalation'];
  const added = objectAt(context, 'capabilities')?.['add'];
  return [
    ...(context['privileged'] === true
      ? [conflicting(own, 'must not be false when "privileged" is true', [...at, 'privileged'])]
      : []),
    ...(Array.isArray(added) && added.includes('CAP_SYS_ADMIN')
      ? [conflicting(own, 'must not be false when CAP_SYS_ADMIN is added', [...at, 'capabilities', 'add'])]
      : []),
  ];
}
