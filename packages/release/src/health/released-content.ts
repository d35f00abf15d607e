import type { ClusterClient } from '@slipway/cluster';
import { formatPointer, quote, type Release } from '@slipway/core';
import {
  annotationOf,
  type KubernetesObject,
  keyOf,
  RELEASE,
  referenceTo,
  scaleTargets,
} from '@slipway/kubernetes';
import type { ReleasedContent } from '@slipway/rollout';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { readResources } from '../cluster/live.ts';
import { fieldManager } from '../names.ts';
import { managerEntries } from '../objects/managed-fields.ts';
import { type Overwrite, overwrites } from '../objects/overwrites.ts';
import { ownersOf } from '../objects/ownership.ts';
import { readScaleTargets } from '../plan/scale-targets.ts';

/** Whether an object still is as a release applied it, by who owns its fields, and where that is someone else, by their values. */
export function releasedContent(
  client: ClusterClient,
  release: Release,
  manifest: KubernetesObject,
): ReleasedContent {
  const manager = fieldManager(release);
  return {
    isTouched: live => overwrites(manifest, live, ownersOf(live, manager)).length > 0,
    changes: async seen => {
      // Without the right to read it the values are not known, but who wrote them last is.
      const live = (await unlessForbidden(client.get(referenceTo(manifest)))) ?? seen;
      // A newer release supersedes this one.
      if (Number(annotationOf(live, RELEASE) ?? 0) > release.number) return undefined;
      const found = overwrites(manifest, live, ownersOf(live, manager));
      return await describeChanges(found, { client, manifests: manifestsOf(release), manifest });
    },
  };
}

/** What another tool applied, which records it and not what it wrote where. */
export interface ToolRelease {
  readonly manifests: readonly KubernetesObject[];
  /** When the tool began to apply it. */
  readonly began: Date;
  /** Whether a manager of fields is the tool. */
  isTool(manager: string): boolean;
}

/**
 * Whether an object still is as another tool applied it, as far as it is known: a value that is not the manifest's and belongs to
 * someone who wrote it after the tool. Who removed a field is not known, and neither whether the server ever took it.
 */
export function appliedContent(
  client: ClusterClient,
  { manifests, began, isTool }: ToolRelease,
  manifest: KubernetesObject,
): ReleasedContent {
  const changesOf = (live: KubernetesObject): readonly Overwrite[] => {
    const times = managerEntries(live)
      .filter(({ name }) => isTool(name))
      .map(({ time }) => time);
    const since = Math.max(began.getTime(), ...times);
    const later = managerEntries(live).filter(
      ({ name, time, subresource }) => !isTool(name) && subresource !== 'status' && time > since,
    );
    const others = later.map(({ name, fields }) => ({ manager: name, fields }));
    return overwrites(manifest, live, { ours: undefined, others }).filter(
      ({ managers }) => managers.length > 0,
    );
  };
  return {
    isTouched: live => changesOf(live).length > 0,
    changes: async seen => {
      const live = (await unlessForbidden(client.get(referenceTo(manifest)))) ?? seen;
      const found = changesOf(live).filter(change => change.live !== undefined);
      return await describeChanges(found, { client, manifests, manifest });
    },
  };
}

function manifestsOf({ manifests }: Release): readonly KubernetesObject[] {
  return manifests as unknown as readonly KubernetesObject[];
}

interface Surroundings {
  readonly client: ClusterClient;
  /** Those of the whole release. */
  readonly manifests: readonly KubernetesObject[];
  readonly manifest: KubernetesObject;
}

async function describeChanges(
  changes: readonly Overwrite[],
  surroundings: Surroundings,
): Promise<string | undefined> {
  const found = changes.filter(change => !isRaised(change));
  const scaled = found.some(isNumber) ? await replicasOf(surroundings) : undefined;
  return describe(found.filter(({ pointer }) => pointer !== scaled));
}

function isNumber({ applied }: Overwrite): boolean {
  return typeof applied === 'number';
}

/** More replicas than were applied are no other release. */
function isRaised({ pointer, applied, live }: Overwrite): boolean {
  return pointer === '/spec/replicas' && Number(live) > Number(applied);
}

/**
 * Where an autoscaler sets the replicas of an object, also one that has yet to be removed, or may set them, since autoscalers cannot be
 * listed; undefined if none does.
 */
async function replicasOf({ client, manifests, manifest }: Surroundings): Promise<string | undefined> {
  const { resources } = await readResources(client, [manifest]);
  const { paths, autoscalers, unknown } = await readScaleTargets(client, [manifest], resources);
  const path = paths.get(keyOf(manifest));
  const isScaled = scaleTargets([...manifests, ...autoscalers]).has(keyOf(manifest));
  const mayBeScaled = isScaled || unknown.has(String(manifest.metadata['namespace']));
  return mayBeScaled && path !== undefined ? formatPointer(path) : undefined;
}

function describe([first, ...others]: readonly Overwrite[]): string | undefined {
  if (first === undefined) return undefined;
  const { pointer, live, managers } = first;
  const by = managers.length === 0 ? '' : ` by ${managers.map(quote).join(' and ')}`;
  const what = live === undefined ? 'removed' : managers.length === 0 ? 'changed' : 'overwritten';
  const more =
    others.length === 0
      ? ''
      : `, and so were ${others
          .map(other => other.pointer)
          .slice(0, MOST_NAMED)
          .join(', ')}`;
  const rest = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more fields` : '';
  return `since the release ${pointer} was ${what}${by}${more}${rest}`;
}

/** The most fields that one sentence names after the first. */
const MOST_NAMED = 2;
