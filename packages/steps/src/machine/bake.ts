import { move, onward, undo } from './moves.ts';
import type { Action, Look } from './observed.ts';
import { inconclusivePause, mayWait, stepAt } from './progress.ts';

/** What follows in a step that is reached: it stays, is judged, and then waits or leads on. */
export function bake(look: Look): Action {
  const { steps, seen, now } = look;
  const { phase, 'waiting-for': awaited, times } = steps;
  if (phase === 'waiting' && awaited !== 'time')
    return { do: 'wait', for: awaited ?? 'time', says: `it waits for ${awaited}` };
  const due = new Date(times.due ?? now);
  if (seen.lost > 0 && seen.judgement === undefined) return prolong(look, due);
  if (now < due) return stay(look, due);
  if (seen.copy.state !== 'ready' && hasCopy(look)) return stay(look, undefined);
  return seen.judgement === undefined ? { do: 'judge', what: 'step' } : judged(look);
}

function hasCopy({ steps }: Look): boolean {
  return Object.values(steps.target.sizes).some(size => size > 0);
}

/** Time in which the copy could not be judged does not count. */
function prolong(look: Look, due: Date): Action {
  const { steps, seen } = look;
  const later = new Date(due.getTime() + seen.lost).toISOString();
  return move(
    look,
    { times: { ...steps.times, due: later } },
    `The step is judged at ${later}: a part of its time does not count`,
  );
}

/** @param due undefined while the copy is not ready */
function stay(look: Look, due: Date | undefined): Action {
  const { steps, run, now } = look;
  if (due !== undefined && due <= run.until) return goOn(look) ?? { do: 'watch', until: due };
  if (due === undefined && now < run.until) return goOn(look) ?? { do: 'watch', until: run.until };
  if (steps.phase === 'waiting')
    return { do: 'wait', for: 'time', says: `it is judged from ${steps.times.due} on` };
  if (mayWait(steps))
    return move(
      look,
      { phase: 'waiting', 'waiting-for': 'time' },
      'It waits for time: this run cannot stay so long',
    );
  return undo(
    look,
    'unwatched',
    `this run cannot stay until ${steps.times.due}, and ${steps.target.real} % of the connections may not go on unwatched`,
  );
}

function goOn(look: Look): Action | undefined {
  if (look.steps.phase !== 'waiting') return undefined;
  return move(look, { phase: 'baking', 'waiting-for': undefined }, 'A run looks at it again');
}

function judged(look: Look): Action {
  const { steps, seen, now } = look;
  const { judgement } = seen;
  if (judgement === undefined) throw new TypeError('nothing was judged');
  const { at } = steps.target;
  const results = [
    ...(steps.results ?? []).filter(result => result.at !== at),
    { at, judged: now.toISOString(), ...judgement },
  ];
  const next: Look = { ...look, steps: { ...steps, results } };
  if (judgement.verdict === 'failed') return undo(next, 'judgement', judgement.summary);
  return judgement.verdict === 'passed' ? passed(next) : inconclusive(next, judgement.summary);
}

function passed(look: Look): Action {
  const { at } = look.steps.target;
  const { pause } = stepAt(look.steps);
  if (pause === undefined) return onward(look, `Step ${at} has passed`);
  return move(
    look,
    { phase: 'waiting', 'waiting-for': pause },
    `Step ${at} has passed, and it waits for ${pause}`,
  );
}

function inconclusive(look: Look, summary: string): Action {
  const { steps } = look;
  if (steps.settings?.['on-inconclusive'] === 'reject')
    return undo(look, 'judgement', `nothing can be said about the step: ${summary}`);
  const name = inconclusivePause(steps.target.at);
  return move(
    look,
    { phase: 'waiting', 'waiting-for': name },
    `Nothing can be said about the step, and it waits for ${name}: ${summary}`,
  );
}
