import { isTerminating, type KubernetesObject } from '@slipway/kubernetes';
import { finalizersOf } from '../cluster/await-gone.ts';
import type { Compared } from './compared.ts';

/**
 * What becomes of an object of the release whose live one is being deleted: whatever is applied to that is lost with it, as kubectl
 * only warns, so it is created once the other one is gone. Undefined for any other object.
 */
export function afterDeletion(live: KubernetesObject | undefined): Compared | undefined {
  if (live === undefined || !isTerminating(live)) return undefined;
  const finalizers = finalizersOf(live);
  const keepers = finalizers.length === 0 ? '' : ` (finalizers: ${finalizers.join(', ')})`;
  const note = `it is being deleted${keepers}, and is created again once it is gone; not tried out`;
  return { action: 'create', terminating: live, note };
}
