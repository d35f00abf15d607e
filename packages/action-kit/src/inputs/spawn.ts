import { quote, SlipwayError } from '@slipway/core';
import { type GithubErrorCode, pullRequestOf, type RunContext } from '@slipway/github';

/** For what formations are spawned: the number of a pull request or a branch by its text, or a branch, which may be called like a number. */
export type SpawnFor = { readonly text: string } | { readonly branch: string };

/** The pull request of the run, else its branch. */
const OF_EVENT = 'event';
const BRANCH = 'refs/heads/';

/**
 * For what the input `spawn` lets formations be spawned; undefined if it is empty.
 * A run for a pull request is for that one only: what is spawned for a branch outlives it, and no one asks whether it is a draft.
 * @throws SlipwayError `input-invalid` for anything but the pull request of the run, and for an event of neither one nor a branch
 */
export function spawnFor(text: string, context: RunContext): SpawnFor | undefined {
  if (text === '') return undefined;
  const number = pullRequestOf(context)?.number;
  if (text === OF_EVENT) return number === undefined ? ofBranch(context) : { text: String(number) };
  if (number === undefined || text === String(number)) return { text };
  throw invalid(
    `is ${quote(text)}, and the run is for pull request ${number}`,
    'write event, or the number of this one',
  );
}

function ofBranch({ ref, eventName }: RunContext): SpawnFor {
  if (ref.startsWith(BRANCH)) return { branch: ref.slice(BRANCH.length) };
  throw invalid(
    `is "event", and the event ${quote(eventName)} is of neither a pull request nor a branch`,
    'write the number of a pull request, or the name of a branch',
  );
}

function invalid(message: string, remedy: string): SlipwayError<GithubErrorCode> {
  return new SlipwayError({ code: 'input-invalid', message: `input "spawn" ${message}`, remedy });
}
