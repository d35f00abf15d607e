import type { FoundFormation } from '../formation/found-formation.ts';
import type { LastPassed } from './judge.ts';

interface Ordered {
  readonly target: FoundFormation;
  readonly passed?: LastPassed;
}

/**
 * The order in which formations are brought back: what others are promoted from first, then by when each was released, the oldest first, as one
 * that others need is released before them and changes less often.
 */
export function inOrder<Item extends Ordered>(items: readonly Item[]): Item[] {
  return items.toSorted(
    (one, other) => depthOf(one) - depthOf(other) || began(one) - began(other) || waveOf(one) - waveOf(other),
  );
}

/** How many promotions lead to a formation. */
function depthOf({ target: { checkout, identity } }: Ordered): number {
  const { formations } = checkout?.repository ?? { formations: new Map<string, never>() };
  const seen = new Set<string>();
  let name: string | undefined = identity.formation;
  while (name !== undefined && !seen.has(name)) {
    seen.add(name);
    name = formations.get(name)?.spec['promoted-from'];
  }
  return seen.size;
}

/** One that is not known is last: it is refused. */
function began({ passed }: Ordered): number {
  const time = Date.parse(passed?.began ?? '');
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

function waveOf({ target: { checkout, identity } }: Ordered): number {
  const { waves = [] } = checkout?.formation.spec ?? {};
  return waves.findIndex(wave => wave.includes(identity.destination ?? ''));
}
