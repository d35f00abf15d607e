import { parseDuration } from '@slipway/core';
import { move } from './moves.ts';
import type { Action, Look } from './observed.ts';
import { stepAt } from './progress.ts';
import { targetOf } from './target.ts';

/** What brings the cluster to the target of a step; undefined once it is there, and has been since. */
export function reach(look: Look): Action | undefined {
  return grown(look) ?? forced(look) ?? unreached(look) ?? arrived(look);
}

/** A copy grows with stable, which an autoscaler may change, from the next write on. */
function grown(look: Look): Action | undefined {
  const { steps, seen } = look;
  const { target } = steps;
  const wanted = targetOf(steps, target.at, seen.stableSizes, target.sizes);
  const isLarger = Object.entries(wanted.sizes).some(([name, size]) => size > (target.sizes[name] ?? 0));
  if (!isLarger || steps.phase === 'starting') return undefined;
  return move(
    look,
    { target: { ...target, sizes: wanted.sizes, real: wanted.real } },
    'The copy grows with stable',
  );
}

function forced({ steps, seen }: Look): Action | undefined {
  if (steps.force !== true || seen.foreign === undefined) return undefined;
  return { do: 'reach', part: seen.copy.state === 'ready' ? 'traffic' : 'copies', force: true };
}

/** Users go to the copy only once it is ready; to stable they go at once. */
function unreached({ steps, seen }: Look): Action | undefined {
  const force = steps.force === true;
  if (!seen.areCopiesSized) return { do: 'reach', part: 'copies', force };
  const isReady = seen.copy.state === 'ready' || !hasCopies(steps.target.sizes);
  if (seen.selector !== steps.target.selector)
    return isReady || steps.target.selector === 'stable'
      ? { do: 'reach', part: 'traffic', force }
      : { do: 'watch' };
  return isReady || steps.times.since !== undefined ? undefined : { do: 'watch' };
}

function hasCopies(sizes: Readonly<Record<string, number>>): boolean {
  return Object.values(sizes).some(size => size > 0);
}

function arrived(look: Look): Action | undefined {
  const { steps, now } = look;
  if (steps.force === true) return move(look, { force: undefined }, 'What was changed was taken back');
  if (steps.times.since !== undefined || steps.phase === 'waiting') return undefined;
  const due = new Date(now.getTime() + bakeOf(look));
  const times = { ...steps.times, since: now.toISOString(), due: due.toISOString() };
  return move(look, { phase: 'baking', times }, `Step ${steps.target.at} is reached`);
}

function bakeOf({ steps }: Look): number {
  const { bake } = stepAt(steps);
  return (bake === undefined ? undefined : parseDuration(bake)) ?? 0;
}
