import {
  type Finding,
  formatPointer,
  isHostWithin,
  type Position,
  quote,
  type SpawnBlock,
} from '@slipway/core';
import {
  annotationOf,
  describeObject,
  isJob,
  type KubernetesObject,
  kindKey,
  ORDER,
  objectAt,
  objectKey,
  podReferences,
  podSpecPath,
  referenceTo,
  textAt,
  valuesAt,
  type WantedHost,
  wantedHosts,
} from '@slipway/kubernetes';
import { findingOfProblem } from '../findings.ts';
import { overQuota } from './over-quota.ts';
import { keepingFindings } from './spawned-ends.ts';

/** A manifest of an instance, with the positions of its fields. */
export interface SpawnedManifest {
  readonly object: KubernetesObject;
  positionAt(pointer: string): Position;
}

/** What an instance must not have, since it would reach beyond its own hosts and pods. */
export function spawnedFindings(
  objects: readonly SpawnedManifest[],
  block: Pick<SpawnBlock, 'hosts'> & Partial<Pick<SpawnBlock, 'form' | 'quota' | 'defaults'>>,
): Finding[] {
  const secrets = new Set(
    objects.flatMap(({ object }) => (kindKey(object) === 'Secret' ? [object.metadata.name] : [])),
  );
  const found = objects.flatMap(manifest => [
    ...wantedHosts(manifest.object)
      .filter(wanted => !isOwn(wanted, block.hosts))
      .map(wanted => foreignHost(manifest, wanted, block.hosts)),
    ...(isExternalName(manifest) ? [externalName(manifest)] : []),
    ...externalIps(manifest),
    ...foreignSecrets(manifest, secrets),
    ...keepingFindings(manifest, block),
  ]);
  return [...found, ...overQuota(objects, block)];
}

/** A wildcard is for all hosts below a name, so that name must be below one of the instances' own. */
function isOwn({ host }: WantedHost, ends: readonly string[]): boolean {
  if (host === undefined) return false;
  const name = host.toLowerCase().replace(/\.$/, '');
  const below = name.startsWith('*.') ? name.slice(2) : undefined;
  if (below === undefined) return ends.some(end => isHostWithin(name, end));
  return ends.some(end => below !== end && isHostWithin(below, end));
}

function foreignHost(
  manifest: SpawnedManifest,
  { host, path }: WantedHost,
  ends: readonly string[],
): Finding {
  const reference = referenceTo(manifest.object);
  const what = host === undefined ? 'is for every host' : `asks for the host ${quote(host)}`;
  const rule = 'spawned/foreign-host';
  const found = {
    code: rule,
    message: `${describeObject(reference)} ${what}, and an instance may ask for hosts below ${ends.map(quote).join(', ')} only`,
    remedy: `name a host of its own, such as pr-\${spawn}.${ends[0] ?? ''}`,
    at: manifest.positionAt(formatPointer(path)),
  };
  return findingOfProblem(found, rule, 'error', [objectKey(reference), host ?? '']);
}

function isExternalName({ object }: SpawnedManifest): boolean {
  return kindKey(object) === 'Service' && textAt(object, 'spec', 'type') === 'ExternalName';
}

function externalName(manifest: SpawnedManifest): Finding {
  const reference = referenceTo(manifest.object);
  const rule = 'spawned/external-name';
  const found = {
    code: rule,
    message: `${describeObject(reference)} leads to another name, past what keeps the instance's traffic apart`,
    remedy: 'remove it in the spawned formation, and give pods the name by a value',
    at: manifest.positionAt('/spec/type'),
  };
  return findingOfProblem(found, rule, 'error', [objectKey(reference)]);
}

function externalIps(manifest: SpawnedManifest): Finding[] {
  const { object } = manifest;
  if (kindKey(object) !== 'Service') return [];
  const reference = referenceTo(object);
  const rule = 'spawned/external-ip';
  return valuesAt(object, ['spec', 'externalIPs', '*'])
    .slice(0, 1)
    .map(({ path }) =>
      findingOfProblem(
        {
          code: rule,
          message: `${describeObject(reference)} takes the cluster's traffic to addresses outside of it`,
          remedy: 'remove externalIPs in the spawned formation',
          at: manifest.positionAt(formatPointer(path)),
        },
        rule,
        'error',
        [objectKey(reference)],
      ),
    );
}

/** What a Job may read that runs before the release is what came with the instance, by whatever name it is there already. */
function foreignSecrets(manifest: SpawnedManifest, own: ReadonlySet<string>): Finding[] {
  const { object } = manifest;
  const path = podSpecPath(object);
  const spec = path === undefined ? undefined : objectAt(object, ...path);
  if (path === undefined || spec === undefined || !isJob(object) || !isBefore(object)) return [];
  const reference = referenceTo(object);
  const rule = 'spawned/foreign-secret';
  return podReferences(spec)
    .filter(
      ({ kind, name, path: [list] }) => kind === 'Secret' && list !== 'imagePullSecrets' && !own.has(name),
    )
    .map(({ name, path: within }) =>
      findingOfProblem(
        {
          code: rule,
          message: `${describeObject(reference)} runs before the release with the Secret ${quote(name)}, which is not one of the instance's own`,
          remedy: 'write the secret into a Secret of the manifests, and name that one',
          at: manifest.positionAt(formatPointer([...path, ...within])),
        },
        rule,
        'error',
        [objectKey(reference), name],
      ),
    );
}

function isBefore(object: KubernetesObject): boolean {
  return /^-0*[1-9]\d*$/.test(annotationOf(object, ORDER) ?? '');
}
