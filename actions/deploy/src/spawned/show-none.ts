import { instanceNotes } from '@slipway/action-kit';
import { count, isPullNumber, quote, SlipwayError } from '@slipway/core';
import { type FoundFormation, type NoInstance, spawnedOf } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { noRoomComment } from '@slipway/report';
import type { DeployErrorCode } from '../error-codes.ts';
import type { Inputs } from '../inputs/inputs.ts';

/** The instance that there is none of. */
export interface Wanted {
  readonly application: string;
  readonly formation: string;
  /** The number of its pull request, also on a run by hand; absent for a branch. */
  readonly pull?: number;
}

/** The instance that a request is about. */
export function wantedOf(found: FoundFormation): Wanted {
  const { application, formation } = found.identity;
  const key = spawnedOf(found)?.key;
  return {
    ...{ application, formation },
    ...(key !== undefined && isPullNumber(key) ? { pull: Number(key) } : {}),
  };
}

/**
 * Shows why there is no instance: a notice and a green step, unless the inputs want it otherwise.
 * @throws SlipwayError `spawn-no-room` with `on-full: fail`
 */
export async function showNone(
  none: NoInstance,
  wanted: Wanted,
  { token, onFull }: Pick<Inputs, 'token' | 'onFull'>,
  runner: Runner,
): Promise<void> {
  if (none.why !== 'no-room') {
    runner.setOutput('verdict', 'no-environment');
    const name = quote(`${wanted.application}/${wanted.formation}`);
    return notice(
      none.why === 'expired'
        ? `${name} expired at ${none.expires.toISOString()}, and a push of a program does not prolong it, so that the next sweep removes it; a push of a person makes a new one`
        : `${REASONS[none.why]}, so it has no environment and nothing was deployed`,
      runner,
    );
  }
  runner.setOutput('verdict', 'no-room');
  if ('rooms' in none) await say(noRoomComment(wanted, none), wanted, token, runner);
  const sentence = `${quote(`${wanted.application}/${wanted.formation}`)} has no room${whyFull(none)}`;
  if (onFull === 'fail')
    throw new SlipwayError<DeployErrorCode>({
      code: 'spawn-no-room',
      message: sentence,
      remedy: 'close a pull request that needs none any more, or raise at-most in the spawn block',
    });
  notice(`${sentence}, so nothing was deployed`, runner);
}

async function say(page: string, wanted: Wanted, token: string, runner: Runner): Promise<void> {
  runner.addSummary(`\n${page}`);
  const { pull } = wanted;
  if (pull !== undefined) await instanceNotes(token, runner).comment({ ...wanted, pull }, page);
}

function whyFull(none: Extract<NoInstance, { why: 'no-room' }>): string {
  return 'rooms' in none
    ? `: ${count(none.rooms.length, 'instance')} of at most ${none.atMost}`
    : `, as the comment of preview-room.yml on pull request ${none.saidOn} says`;
}

const REASONS = {
  draft: 'The pull request is a draft',
  bot: 'The author of the pull request is a program',
} as const;

function notice(message: string, runner: Runner): void {
  runner.annotate({ severity: 'notice', message });
}
