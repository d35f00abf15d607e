import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { overwrites } from '../objects/overwrites.ts';
import { ownersOf } from '../objects/ownership.ts';
import { hasReadyPod, isEmpty, templateDigest } from '../plan/stable-intact.ts';
import type { LiveStable } from './stable-serves.ts';
import { manifestsOf, type StepsContext } from './steps-context.ts';

/**
 * How stable differs from what it was before a release that is undone, as half a sentence: before the commit no step writes it, so that
 * what someone else has changed of it stays. Undefined if it does not differ.
 */
export function differenceOf(context: StepsContext, stable: readonly LiveStable[]): string | undefined {
  if (context.steps.phase !== 'undoing') return undefined;
  const found = stable.flatMap(workload => differenceOfOne(context, workload) ?? []);
  return found.length === 0 ? undefined : found.join('; ');
}

function differenceOfOne(context: StepsContext, { name, live }: LiveStable): string | undefined {
  if (live === undefined) return `someone removed Deployment ${name}`;
  const manifest = manifestsOf(context.stable).find(object => keyOf(object) === keyOf(live));
  const isEmptied = isEmpty(live) && !hasReadyPod(live) && manifest !== undefined && !isEmpty(manifest);
  if (isEmptied) return `someone scaled Deployment ${name} to 0`;
  return hasOtherPods(context, live, manifest) ? `someone changed the pods of Deployment ${name}` : undefined;
}

/** A commit that was taken back has written stable again, without what was added to it before the release. */
function hasOtherPods(
  { steps, manager }: StepsContext,
  live: KubernetesObject,
  manifest: KubernetesObject | undefined,
): boolean {
  if (typeof steps.times['commit-began'] !== 'string') {
    const before = steps.stable.workloads.find(({ name }) => name === live.metadata.name);
    return before !== undefined && before.template !== templateDigest(live);
  }
  const changes = manifest === undefined ? [] : overwrites(manifest, live, ownersOf(live, manager));
  return changes.some(({ pointer }) => pointer.startsWith('/spec/template/'));
}
