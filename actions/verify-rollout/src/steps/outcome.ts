import { openReleaseOf, quote, type Release, SlipwayError, type Verdict } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { Driven } from '@slipway/steps';
import type { VerifyErrorCode } from '../error-codes.ts';
import type { GivenDecision } from './steps-inputs.ts';

/** Where a release in steps is, for later steps of the workflow. */
export function setStepsOutputs(release: Release, runner: Pick<Runner, 'setOutput'>): void {
  const { number, steps, verdict } = release;
  const { target } = steps ?? {};
  const isOpen = verdict === undefined;
  runner.setOutput('release', String(number));
  runner.setOutput('phase', steps?.phase ?? '');
  runner.setOutput('step', target === undefined ? '' : String(target.at));
  runner.setOutput('weight', target === undefined || !isOpen ? '' : String(target.asked));
  runner.setOutput('until', openReleaseOf(release)?.until ?? '');
  runner.setOutput('waiting-for', isOpen ? (steps?.['waiting-for'] ?? '') : '');
}

/** What waits for something that no one has planned is never a success. */
const TROUBLES = ['foreign-edit', 'stable', 'commit-refused'];

/** Whether a release that is open lets the step succeed where it may wait: at a pause, for time, or for a judgement. */
export function isPlannedWait({ steps }: Release, waitingFor: string, now: Date): boolean {
  const isWaiting = steps?.phase === 'waiting' && !TROUBLES.includes(waitingFor);
  return isWaiting && steps !== undefined && now < new Date(steps.times.expires);
}

/** Whether a release that was closed already is what was decided about it: then there is nothing to do. */
export function isAsDecided({ verdict }: Pick<Release, 'verdict'>, { what }: GivenDecision): boolean {
  return what === 'reject' ? verdict === 'rolled-back' : verdict === 'succeeded';
}

/** What says whether a step succeeds. */
export interface Became {
  readonly verdict: Pick<Verdict, 'verdict'>;
  readonly release?: Pick<Release, 'steps'> | undefined;
  readonly wasClosed?: boolean | undefined;
}

/** Whether a step succeeds by what became of the release: also if it was undone because this run was to undo it, or was undone already. */
export function isSuccess(
  { verdict: { verdict }, release, wasClosed = false }: Became,
  decision: GivenDecision | undefined,
): boolean {
  if (verdict === 'succeeded') return true;
  const isMeant = wasClosed || release?.steps?.undo?.by === 'decision';
  return verdict === 'rolled-back' && decision?.what === 'reject' && isMeant;
}

export function openFailure(
  { number, steps }: Release,
  { waitingFor, says }: Extract<Driven, { ended: 'open' }>,
): SlipwayError<VerifyErrorCode> {
  const { asked } = steps?.target ?? {};
  return new SlipwayError({
    code: 'release-open',
    message: `release ${number} is open at ${asked} % and waits for ${waitingFor}${whyOf(says, waitingFor)}`,
    remedy: waysOn(number, steps?.phase, waitingFor),
  });
}

/** What a pause is called says why it waits. */
function whyOf(says: string, waitingFor: string): string {
  return says === `it waits for ${waitingFor}` ? '' : `: ${says}`;
}

/** What lets an open release go on: only what is possible while it waits for this. */
function waysOn(number: number, phase: string | undefined, waitingFor: string): string {
  const decide = `decide with "release: ${number}" and "decision":`;
  const again = 'run verify-rollout again';
  if (phase === 'undoing') return `put that right and ${again}: the undo is carried to its end`;
  if (phase === 'committing')
    return `put that right and ${again}: the commit is carried to its end; or ${decide} "reject"`;
  switch (waitingFor) {
    case 'stable':
      return `${again} once stable has a Ready pod, or ${decide} "reject"`;
    case 'foreign-edit':
      return `take the edit back and ${again}, or ${decide} "reject"; "continue foreign-edit" takes a selector or a copy back by force, and neither stable nor a Service that is gone`;
    case 'commit-refused':
      return `put that right and ${decide} "continue commit-refused", or "reject"`;
    case 'time':
      return `${again} then, or ${decide} "promote" or "reject"; ${MAY_WAIT}`;
    default:
      return `${decide} "continue ${waitingFor}", "promote" or "reject"; ${MAY_WAIT}`;
  }
}

const MAY_WAIT = 'where a job may end while the release waits, give "may-wait: true"';

export function decisionRefused(
  { number }: Release,
  { why, remedy }: Extract<Driven, { ended: 'refused' }>,
): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({
    code: 'decision-impossible',
    message: `nothing was decided about release ${number}: ${why}`,
    remedy,
  });
}

export function notInSteps({ number }: Release): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({
    code: 'decision-impossible',
    message: `nothing was decided about release ${number}: it does not go in steps`,
    remedy: 'remove "decision", or give the number of a release that does',
  });
}

/** @param open the release that is open; undefined if none is */
export function numberMissing(
  { what, name }: GivenDecision,
  open: Release | undefined,
): SlipwayError<VerifyErrorCode> {
  const decided = quote(name === undefined ? what : `${what} ${name}`);
  const awaited = open?.steps?.['waiting-for'];
  const isNow = awaited === undefined ? `is ${open?.steps?.phase}` : `waits for ${awaited}`;
  return new SlipwayError({
    code: 'decision-impossible',
    message:
      open === undefined
        ? `nothing was decided: no release in steps is open, so that there is nothing to ${what}`
        : `nothing was decided: ${decided} names no release; release ${open.number} is open and ${isNow}`,
    remedy:
      open === undefined
        ? 'leave out the decision, or deploy first'
        : `give the number in "release": a decision about ${open.number} must not reach a later one`,
  });
}

export function closedOtherwise(
  { number, verdict }: Release,
  decision: string,
): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({
    code: 'decision-impossible',
    message: `${quote(decision)} was not carried out: release ${number} is closed as ${verdict}`,
    remedy: 'there is nothing to decide any more; deploy again if that is not what is wanted',
  });
}
