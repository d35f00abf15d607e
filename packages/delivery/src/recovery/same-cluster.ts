import type { FoundFormation } from '../formation/found-formation.ts';

/** Which formations were in a cluster, as far as the files say. */
export interface Lived {
  readonly there: readonly FoundFormation[];
  /** Those of which no file says in which cluster they are. */
  readonly unknown: readonly FoundFormation[];
}

/**
 * What lived in the cluster of a destination: every formation that has a destination of that name, or one with the same context or the
 * same server.
 * @param destination empty for all
 */
export function livedWith(targets: readonly FoundFormation[], destination: string): Lived {
  if (destination === '') return { there: targets, unknown: [] };
  const named = targets.filter(({ identity }) => identity.destination === destination);
  const isNamed = (target: FoundFormation): boolean => named.includes(target);
  const isBeside = (target: FoundFormation): boolean => named.some(one => isSame(one, target) === 'same');
  const isElsewhere = (target: FoundFormation): boolean =>
    named.every(one => isSame(one, target) === 'other');
  return {
    there: targets.filter(target => isNamed(target) || isBeside(target)),
    unknown: targets.filter(target => !isNamed(target) && !isBeside(target) && !isElsewhere(target)),
  };
}

/** Two destinations are compared by what both of them name. */
function isSame(one: FoundFormation, other: FoundFormation): 'same' | 'other' | 'unknown' {
  const [mine, theirs] = [marksOf(one), marksOf(other)];
  const shared = MARKS.filter(name => mine[name] !== undefined && theirs[name] !== undefined);
  if (shared.length === 0) return 'unknown';
  return shared.some(name => mine[name] === theirs[name]) ? 'same' : 'other';
}

const MARKS = ['server', 'context'] as const;

function marksOf({ checkout }: FoundFormation): Readonly<Record<(typeof MARKS)[number], string | undefined>> {
  const { context, cluster } = checkout?.destination ?? {};
  return { context, server: cluster?.server };
}
