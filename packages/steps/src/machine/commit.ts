import { changed, move, nameOf, undo } from './moves.ts';
import type { Action, Look } from './observed.ts';
import { withoutPods } from './obstacles.ts';
import { commitTarget, homeTarget, isHome } from './target.ts';

/** What follows once it is to be committed: it is carried to its end, unless someone rejects it or edits it, or stable fails. */
export function commit(look: Look): Action {
  const { steps, seen, run } = look;
  const { decision } = run;
  if (decision?.what === 'reject')
    return undo(look, 'decision', `${decision.as.actor} rejected it`, decision);
  if (typeof steps.times['commit-began'] !== 'string') return ask(look);
  if (seen.foreign !== undefined && steps.force !== true) return edited(look, seen.foreign.what);
  if (steps['waiting-for'] !== undefined && seen.foreign === undefined && seen.stranger === undefined)
    return move(look, { 'waiting-for': undefined }, 'What it waited for has passed');
  return isHome(steps.target) ? end(look) : roll(look);
}

/** Rights and dry runs, before anything of stable is written: what is refused here leaves all as it was. */
function ask(look: Look): Action {
  const { steps, seen, now } = look;
  if (seen.commit === undefined) return { do: 'judge', what: 'commit' };
  const { refused } = seen.commit;
  if (refused !== undefined)
    return move(
      look,
      { phase: 'waiting', 'waiting-for': 'commit-refused' },
      `It cannot be committed: ${refused}`,
    );
  const times = { ...steps.times, 'commit-began': now.toISOString() };
  const target = seen.stableServes ? commitTarget(steps, seen.stableSizes) : steps.target;
  return move(look, { times, target }, 'It is committed: stable is written from now on');
}

function edited(look: Look, what: string): Action {
  const { steps, seen, run } = look;
  const { decision } = run;
  const isDecided = decision?.what === 'continue' && decision.name === 'foreign-edit';
  if (isDecided && seen.foreign?.canBeTakenBack === true)
    return move(
      look,
      { 'waiting-for': undefined, force: true },
      `It is taken back by force: ${what}`,
      decision,
    );
  if (decision !== undefined)
    return {
      do: 'refuse',
      why: `the commit has stopped: ${what}`,
      remedy: 'take the edit back, or decide "reject"',
    };
  if (steps['waiting-for'] === 'foreign-edit') return { do: 'wait', for: 'foreign-edit', says: what };
  return move(look, { 'waiting-for': 'foreign-edit' }, `The commit has stopped: ${what}`);
}

/** Stable is written and becomes ready, while the copy keeps its users or stays beside. */
function roll(look: Look): Action {
  const { steps, seen } = look;
  const force = steps.force === true;
  const isMovable = steps.target.selector !== 'stable' || seen.stableServes;
  if (seen.selector !== steps.target.selector && isMovable) return { do: 'reach', part: 'traffic', force };
  if (seen.lastHalf !== 'written') return { do: 'reach', part: 'last-half', force };
  if (seen.stable.state === 'failed') return undo(look, 'health', seen.stable.message);
  if (seen.stable.state === 'progressing') return { do: 'watch' };
  if (!seen.stableServes) return unserved(look);
  return move(
    look,
    { target: homeTarget(steps), force: undefined },
    'Stable is the new version, and users go there',
  );
}

/** What no pod is to be of becomes ready at once, and never serves, like pods that no Service selects: watching it would not end. */
export function unserved({ seen }: Look): Action {
  if (seen.unselected !== undefined)
    return { do: 'wait', for: 'stable', says: `${seen.unselected}; the copy serves on` };
  const isEmpty = Object.values(seen.stableSizes).some(size => size === 0);
  if (!isEmpty) return { do: 'watch' };
  return { do: 'wait', for: 'stable', says: 'stable is scaled to 0; the copy serves on' };
}

/** Users are with stable again, the copies go, and then what was held is as the manifests say. */
function end(look: Look): Action {
  const { steps, seen } = look;
  const force = steps.force === true;
  if (!seen.stableServes && seen.selector !== 'stable')
    return { do: 'wait', for: 'stable', says: `${withoutPods(look)}; the copy serves on` };
  if (seen.selector !== 'stable' && seen.held !== 'as-released') return { do: 'reach', part: 'home', force };
  if (!seen.areCopiesSized) return { do: 'reach', part: 'home', force };
  if (seen.held !== 'as-released') return narrowedFor(look) ?? { do: 'reach', part: 'held', force };
  return { do: 'done', verdict: 'succeeded' };
}

/** As wide as they were, Services would send users to what is beside stable: they stay narrowed until that is gone. */
export function narrowedFor(look: Look): Action | undefined {
  const { steps, seen, run } = look;
  const { stranger } = seen;
  if (stranger === undefined) return undefined;
  if (run.decision !== undefined && run.decision.what !== 'reject')
    return {
      do: 'refuse',
      why: `${nameOf(run.decision)} is not possible: ${stranger}`,
      remedy: 'put that right, and run verify-rollout without a decision',
    };
  if (steps['waiting-for'] === 'foreign-edit') return { do: 'wait', for: 'foreign-edit', says: stranger };
  const target = { ...steps.target, asked: 0, real: 0 };
  return move(look, { 'waiting-for': 'foreign-edit', target }, `It waits: ${stranger}`);
}

/** The record once the release is closed: without what it waits for. */
export function closed(steps: Look['steps']): Look['steps'] {
  return changed(steps, { phase: undefined, 'waiting-for': undefined, force: undefined });
}
