import type { KubernetesObject } from '@slipway/kubernetes';
import { withOwnershipMoved } from './adoption.ts';
import { mergeApplied } from './local-merge.ts';

/** What applying makes of a live object, and what it would be without the fields that deployment tools added by hand. */
export interface Leftovers {
  readonly kept: KubernetesObject;
  readonly cleaned: KubernetesObject;
}

/** Undefined if no deployment tool but `manager` owns a field. */
export function leftoversOf(
  live: KubernetesObject,
  applied: KubernetesObject,
  manager: string,
): Leftovers | undefined {
  const moved = withOwnershipMoved(live, manager);
  if (moved === live) return undefined;
  const [kept, cleaned] = [live, moved].map(state => mergeApplied(applied, state, manager).object);
  return kept === undefined || cleaned === undefined ? undefined : { kept, cleaned };
}
