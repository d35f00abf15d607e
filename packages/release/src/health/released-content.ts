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
import { type Overwrite, overwrites } from '../objects/overwrites.ts';
import { readScaleTargets } from '../plan/scale-targets.ts';

/** Whether an object still is as a release applied it, by who owns its fields, and where that is someone else, by their values. */
export function releasedContent(
  client: ClusterClient,
  release: Release,
  manifest: KubernetesObject,
): ReleasedContent {
  const manager = fieldManager(release);
  return {
    isTouched: live => overwrites(manifest, live, manager).length > 0,
    changes: async seen => {
      // Without the right to read it the values are not known, but who wrote them last is.
      const live = (await unlessForbidden(client.get(referenceTo(manifest)))) ?? seen;
      // A newer release supersedes this one.
      if (Number(annotationOf(live, RELEASE) ?? 0) > release.number) return undefined;
      const found = overwrites(manifest, live, manager).filter(change => !isRaised(change));
      const scaled = found.some(isNumber) ? await replicasOf(client, release, manifest) : undefined;
      return describe(found.filter(({ pointer }) => pointer !== scaled));
    },
  };
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
async function replicasOf(
  client: ClusterClient,
  release: Release,
  manifest: KubernetesObject,
): Promise<string | undefined> {
  const { resources } = await readResources(client, [manifest]);
  const { paths, autoscalers, unknown } = await readScaleTargets(client, [manifest], resources);
  const manifests = release.manifests as unknown as readonly KubernetesObject[];
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
