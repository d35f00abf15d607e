import { quote } from '@slipway/core';
import { move, nameOf, onward, toCommit } from './moves.ts';
import type { Action, Decision, Look } from './observed.ts';
import { inconclusivePause, isPassed, isSettled, pausesAhead, stepAt } from './progress.ts';

/** What follows from a decision before the commit. One whose pause was passed already leads on like a look without it. */
export function decide(look: Look): Action | undefined {
  const { decision } = look.run;
  if (decision !== undefined && look.steps.phase === 'waiting' && isUnready(look)) return { do: 'watch' };
  if (decision?.what === 'continue') return goOn(look, decision, decision.name ?? '');
  return decision?.what === 'promote' ? promote(look, decision) : undefined;
}

/** What is let go on is looked at first. */
function isUnready({ steps, seen }: Look): boolean {
  const hasCopies = Object.values(steps.target.sizes).some(size => size > 0);
  return hasCopies && seen.copy.state === 'progressing';
}

function goOn(look: Look, decision: Decision, name: string): Action | undefined {
  const { steps } = look;
  const awaited = steps.phase === 'waiting' ? steps['waiting-for'] : undefined;
  const { pause } = stepAt(steps);
  const says = `${decision.as.actor} let it go on: ${name}`;
  if (awaited === 'commit-refused' && (name === awaited || name === pause))
    return barred(decision, pause) ?? toCommit(look, says, decision);
  if (awaited === name && name === pause) return barred(decision, name) ?? onward(look, says, decision);
  if (awaited === name && name === inconclusivePause(steps.target.at)) return accept(look, decision, says);
  return isPassed(steps, name) ? undefined : notAwaited(look, decision, name);
}

/** A judgement that said nothing is let pass; the pause of the step comes after it. */
function accept(look: Look, decision: Decision, says: string): Action {
  const { pause } = stepAt(look.steps);
  if (pause === undefined) return onward(look, says, decision);
  return move(look, { phase: 'waiting', 'waiting-for': pause }, `${says}; it waits for ${pause}`, decision);
}

function notAwaited({ steps }: Look, decision: Decision, name: string): Action {
  const { phase, 'waiting-for': awaited, list } = steps;
  const isKnown = list.some(({ pause }) => pause === name);
  const isNow = awaited === undefined ? `it is ${phase}` : `it waits for ${awaited}`;
  const pauses = list.flatMap(({ pause }) => pause ?? []);
  return {
    do: 'refuse',
    why: isKnown
      ? `${quote(nameOf(decision))} is not possible yet: ${isNow}`
      : `${quote(name)} is not the name of a pause of the release, and ${isNow}`,
    remedy:
      pauses.length === 0
        ? 'run verify-rollout without a decision'
        : `its pauses are ${pauses.join(', ')}; run verify-rollout without a decision to let it go on`,
  };
}

/** Commits at once, and passes all that is ahead. */
function promote(look: Look, decision: Decision): Action {
  const { steps } = look;
  if (!isSettled(steps, 0))
    return {
      do: 'refuse',
      why: '"promote" is not possible before step 0 has passed: no pod of the new version is known to work',
      remedy: 'run verify-rollout without a decision, and decide then',
    };
  const ahead = pausesAhead(steps);
  const refused = ahead.map(pause => barred(decision, pause)).find(refusal => refusal !== undefined);
  return refused ?? toCommit(look, `${decision.as.actor} promoted it, past ${skipped(look)}`, decision);
}

function skipped({ steps }: Look): string {
  const later = steps.list.slice(steps.target.at + 1).map(({ weight }) => `${weight} %`);
  const pauses = pausesAhead(steps).map(pause => `the pause ${pause}`);
  const all = [...later, ...pauses];
  return all.length === 0 ? 'nothing' : all.join(', ');
}

function barred({ barred: why }: Decision, pause: string | undefined): Action | undefined {
  const reason = pause === undefined ? undefined : why[pause];
  if (reason === undefined) return undefined;
  return {
    do: 'refuse',
    why: `the pause ${quote(pause ?? '')} is not passed: ${reason}`,
    remedy: 'let one of those decide whom the step names with "by"',
  };
}
