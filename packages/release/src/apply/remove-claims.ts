import type { ClusterClient } from '@slipway/cluster';
import { inParallel, isJsonObject, type RecordedObject, type Release, textMap, valueAt } from '@slipway/core';
import { isTerminating, type KubernetesObject, kindKey, uidIfAny } from '@slipway/kubernetes';
import { asRead } from '../objects/identity.ts';
import { listReleases, type RecordOwner, readRelease } from '../records/records.ts';

/** The claims that a StatefulSet makes for its pods, which it leaves behind. */
interface ClaimsOfSet {
  readonly set: string;
  readonly templates: readonly string[];
  /** The labels of its selector, which it writes on its claims too. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The names of the claims of volumes that a formation has: those of its newest release, and those that StatefulSets made for their pods. */
export async function claimsOfFormation(client: ClusterClient, owner: RecordOwner): Promise<string[]> {
  const [newest] = await listReleases(client, owner);
  if (newest === undefined) return [];
  const release = await readRelease(client, owner, newest.number);
  const own = release.objects.filter(
    ({ kind, uid }) => kind === 'PersistentVolumeClaim' && uid !== undefined,
  );
  const made = await findClaims(client, [release]);
  return [...new Set([...own.map(({ name }) => name), ...made.map(({ metadata }) => metadata.name)])].sort();
}

/**
 * Deletes the claims that StatefulSets of these releases made for their pods: by the names that they give, and only those with all the
 * labels of the selector, so that another formation's claim of such a name stays.
 */
export async function removeClaimsOfSets(
  client: ClusterClient,
  releases: readonly Release[],
): Promise<RecordedObject[]> {
  const own = await findClaims(client, releases);
  await inParallel(
    own.filter(item => !isTerminating(item)),
    item => client.delete(claimReference(item), asRead(item)),
  );
  return own.map(item => ({ ...claimReference(item), uid: uidIfAny(item) ?? '', written: true }));
}

async function findClaims(
  client: ClusterClient,
  releases: readonly Release[],
): Promise<readonly KubernetesObject[]> {
  const sets = releases.flatMap(({ manifests }) =>
    (manifests as unknown as readonly KubernetesObject[]).flatMap(claimsOf),
  );
  const [first] = releases;
  if (first === undefined || sets.length === 0) return [];
  const { namespace } = first;
  const { items } = await client.listMetadata({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace });
  return items.filter(item => sets.some(set => isClaimOf(item, set)));
}

function claimReference({ metadata }: KubernetesObject) {
  const namespace = String(metadata['namespace']);
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: metadata.name };
}

function claimsOf(object: KubernetesObject): ClaimsOfSet[] {
  if (kindKey(object) !== 'StatefulSet.apps') return [];
  const templates = valueAt(object, ['spec', 'volumeClaimTemplates']);
  const names = Array.isArray(templates)
    ? templates.flatMap(template =>
        isJsonObject(template) ? String(valueAt(template, ['metadata', 'name'])) : [],
      )
    : [];
  const labels = textMap(valueAt(object, ['spec', 'selector', 'matchLabels']) ?? null);
  // A selector without labels would be the one of every claim.
  if (names.length === 0 || Object.keys(labels).length === 0) return [];
  return [{ set: object.metadata.name, templates: names, labels }];
}

function isClaimOf({ metadata }: KubernetesObject, { set, templates, labels }: ClaimsOfSet): boolean {
  const own = textMap(metadata['labels'] ?? null);
  return (
    templates.some(template => isOrdinal(metadata.name, `${template}-${set}-`)) &&
    Object.entries(labels).every(([key, value]) => own[key] === value)
  );
}

function isOrdinal(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && /^\d{1,9}$/.test(name.slice(prefix.length));
}
