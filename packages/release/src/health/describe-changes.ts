import type { ClusterClient } from '@slipway/cluster';
import { formatPointer, quote } from '@slipway/core';
import { type KubernetesObject, keyOf, scaleTargets } from '@slipway/kubernetes';
import { readResources } from '../cluster/live.ts';
import type { Overwrite } from '../objects/overwrites.ts';
import { readScaleTargets } from '../plan/scale-targets.ts';

/** Where nearly all kinds have their number of replicas. */
export const REPLICAS = '/spec/replicas';

export interface Surroundings {
  readonly client: ClusterClient;
  /** Those of the whole release. */
  readonly manifests: readonly KubernetesObject[];
  readonly manifest: KubernetesObject;
}

/** What others have changed, as half a sentence, without what they may change; undefined where that is all. */
export async function describeChanges(
  changes: readonly Overwrite[],
  surroundings: Surroundings,
): Promise<string | undefined> {
  return describe(await meantToStay(changes, surroundings));
}

/** The changes of others without those that they may make: more replicas, and what an autoscaler sets. */
export async function meantToStay(
  changes: readonly Overwrite[],
  surroundings: Surroundings,
): Promise<readonly Overwrite[]> {
  const found = changes.filter(change => !isRaised(change));
  const scaled = found.some(isNumber) ? await replicasOf(surroundings) : undefined;
  return found.filter(({ pointer }) => pointer !== scaled);
}

function isNumber({ applied }: Overwrite): boolean {
  return typeof applied === 'number';
}

/** More replicas than were applied are no other release. */
function isRaised({ pointer, applied, live }: Overwrite): boolean {
  return pointer === REPLICAS && Number(live) > Number(applied);
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
