import { type Release, SlipwayError } from '@slipway/core';
import type { StepsErrorCode } from '../error-codes.ts';
import type { Decision, Part } from '../machine/observed.ts';
import { pauseBehind } from '../machine/progress.ts';
import { act, closedBy, type Outside } from './act.ts';
import type { Driven } from './driven.ts';
import type { LockedGround, StepsGround, Watched } from './ground.ts';
import { type LoginTerms, leftOf } from './login.ts';
import { decideOn, mustLookFirst } from './look.ts';
import { type Memory, momentOf, podsOf } from './memory.ts';

export interface DriveTerms {
  readonly decision?: Decision | undefined;
  /** Nothing is done unless the release waits for this. */
  readonly ifWaitingFor?: string | undefined;
  /** Milliseconds that the run stays for bakes, all together. */
  readonly attend: number;
  /** How long the login lasts, less what the last acts may take; without one it does not end. */
  readonly login?: LoginTerms | undefined;
}

/** How often a part is written again that is not there after it. */
const MOST_REPEATS = 5;

/**
 * Moves a release in steps on, as far as it goes now: it reads the record under the lock, brings the cluster to where the record says
 * that it is to be, gives the lock back to watch and to judge, and reads the record again before each act and each verdict.
 */
export async function drive(ground: StepsGround, terms: DriveTerms): Promise<Driven> {
  const memory: Memory = {
    ...{ decision: terms.decision, attend: terms.attend, lost: 0 },
    ...{ copy: undefined, stable: undefined, isStableBack: false, crossed: undefined, judgement: undefined },
  };
  const began = performance.now();
  for (let isFirst = true; ; isFirst = false) {
    const visit = { ...terms, isFirst, login: leftOf(terms.login, performance.now() - began) };
    const outside = await ground.locked(locked => moveOn(locked, ground, memory, visit));
    if (outside.do === 'end') return outside.driven;
    if (outside.do === 'judge')
      memory.judgement = { of: momentOf(outside.release), found: await ground.judge(outside.release) };
    else await watch(ground, memory, outside);
  }
}

interface Visit extends DriveTerms {
  readonly isFirst: boolean;
}

async function moveOn(
  locked: LockedGround,
  ground: StepsGround,
  memory: Memory,
  terms: Visit,
): Promise<Outside> {
  const before = await locked.read();
  const refused = terms.isFirst ? unasked(before, terms) : undefined;
  if (refused !== undefined) return { do: 'end', driven: refused };
  for (let [last, repeats] = ['', 0]; ; ) {
    const release = await locked.read();
    if (release.verdict !== undefined) return closedBy(release, false);
    if (mustLookFirst(release, memory))
      return { do: 'watch', release, terms: { what: 'copy', stableFor: 0 }, isBake: false };
    const { action, now } = await decideOn(locked, release, memory, terms);
    const outside = await act(locked, ground, { release, action, memory, now });
    if (outside !== undefined) return outside;
    const done = action.do === 'reach' ? action.part : '';
    repeats = done !== '' && done === last ? repeats + 1 : 0;
    last = done;
    if (repeats >= MOST_REPEATS) throw notReached(release, action.do === 'reach' ? action.part : 'copies');
  }
}

function unasked(release: Release, { ifWaitingFor }: DriveTerms): Driven | undefined {
  const { verdict, steps } = release;
  // One that is closed waits for nothing.
  const isWaiting = verdict === undefined && steps?.phase === 'waiting';
  // A decision about a pause counts also while something stops the release there.
  const awaited = isWaiting ? [steps['waiting-for'], pauseBehind(steps)] : [];
  if (ifWaitingFor !== undefined && !awaited.includes(ifWaitingFor)) return { ended: 'not-awaited', release };
  return verdict === undefined ? undefined : { ended: 'closed', release, verdict, before: true };
}

async function watch(
  ground: StepsGround,
  memory: Memory,
  { release, terms, isBake }: Extract<Outside, { do: 'watch' }>,
): Promise<void> {
  const began = performance.now();
  const seen: Watched = await ground.watch(release, terms);
  if (release.steps !== undefined)
    memory[terms.what] = { of: podsOf(terms.what, release.steps), health: seen.health };
  memory.crossed = seen.crossed ?? memory.crossed;
  if (!isBake) return;
  memory.attend -= performance.now() - began;
  memory.lost += seen.lost;
}

function notReached({ number }: Release, part: Part): SlipwayError<StepsErrorCode> {
  return new SlipwayError({
    code: 'steps-not-reached',
    message: `what release ${number} is to have in the cluster (${part}) was written ${MOST_REPEATS + 1} times and is not there: something else changes it`,
    remedy: 'find out what does, and run verify-rollout again, or decide "reject"',
  });
}
