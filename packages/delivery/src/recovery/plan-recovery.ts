import { chooseOne } from '../formation/choose-one.ts';
import { chosenTargets } from '../formation/chosen-targets.ts';
import { DEFAULT_APPLICATION } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { type Lost, readLost } from './lost.ts';
import { inOrder } from './order.ts';
import { livedWith } from './same-cluster.ts';

/** What a lost cluster had, in the order in which it is brought back. */
export interface RecoveryPlan {
  readonly application: string;
  readonly lost: readonly Lost[];
  /** Formations of which no file says whether they were in that cluster, such as `staging/main`. */
  readonly elsewhere: readonly string[];
}

/**
 * What lived in the cluster of a destination and what of it can be brought back, from the registry and Git alone: no cluster is asked.
 * @throws SlipwayError for files that are broken, and names that they do not have
 */
export async function planRecovery(
  choice: FormationChoice,
  surroundings: DeliverySurroundings,
): Promise<RecoveryPlan> {
  const [destination = ''] = choice.destinations;
  const all = await chosenTargets({ ...choice, destinations: [] }, surroundings);
  const names = new Map(all.targets.map(target => [target.identity.destination ?? '', target]));
  if (destination !== '') chooseOne(names, [destination], 'destination');
  const { there, unknown } = livedWith(all.targets, destination);
  const application = choice.application || DEFAULT_APPLICATION;
  const lost: Lost[] = [];
  // One after the other: each renders a whole tree.
  for (const target of there) {
    const { checkout } = target;
    lost.push(
      checkout === undefined
        ? { state: 'refused', target, why: 'plain manifests cannot be rendered again' }
        : await readLost(
            { ...target, checkout },
            { application, registry: choice.registry ?? '' },
            surroundings,
          ),
    );
  }
  return { application: all.application, lost: inOrder(lost), elsewhere: unknown.map(nameOf) };
}

function nameOf({ identity: { formation, destination = '' } }: FoundFormation): string {
  return `${formation}/${destination}`;
}
