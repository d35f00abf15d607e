import type { Release } from '@slipway/core';
import type { Action, Observed } from '../machine/observed.ts';
import { step } from '../machine/step.ts';
import type { LockedGround } from './ground.ts';
import { endOf, type LoginTerms } from './login.ts';
import { healthOf, type Memory, momentOf, NOT_LOOKED_AT, podsOf } from './memory.ts';

/** Whatever is decided, the copy is looked at first, and again once another run has changed it. */
export function mustLookFirst({ steps }: Release, { copy }: Memory): boolean {
  const isEarly = steps?.phase === 'starting' || steps?.phase === 'baking' || steps?.phase === 'waiting';
  const hasCopies = Object.values(steps?.target.sizes ?? {}).some(size => size > 0);
  return isEarly && hasCopies && steps?.times.brought !== undefined && copy?.of !== podsOf('copy', steps);
}

/** What is to be done now, by what the record and the cluster say and by what this run has seen before. */
export async function decideOn(
  locked: LockedGround,
  release: Release,
  memory: Memory,
  { login }: { readonly login?: LoginTerms | undefined },
): Promise<{ readonly action: Action; readonly now: Date }> {
  const { steps } = release;
  if (steps === undefined) throw new TypeError(`release ${release.number} does not go in steps`);
  const [now, seen] = [await locked.now(), await locked.see(release)];
  const copy = healthOf('copy', memory, steps);
  const isSentTo = copy?.state !== 'ready' || seen.areCopiesSentTo;
  const found: Observed = {
    ...seen,
    copy: isSentTo
      ? (copy ?? NOT_LOOKED_AT)
      : { state: 'progressing', message: 'its Services do not send to all of its pods yet' },
    stable: healthOf('stable', memory, steps) ?? NOT_LOOKED_AT,
    isStableBack: memory.isStableBack,
    crossed: memory.crossed,
    lost: memory.lost,
    judgement: memory.judgement?.of === momentOf(release) ? memory.judgement.found : undefined,
  };
  memory.judgement = undefined;
  const until = new Date(Math.min(now.getTime() + memory.attend, endOf(login, now)));
  const look = { steps, run: { decision: memory.decision, until }, now };
  const action = step({ ...look, seen: found });
  if (action.do !== 'judge' || action.what === 'step') return { action, now };
  const refused = await locked.askCommit(release);
  return { action: step({ ...look, seen: { ...found, commit: { refused } } }), now };
}
