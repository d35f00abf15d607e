import { openReleaseOf, openReleaseSentence, type Release } from '@slipway/core';
import { codeBlock, details, escapeMarkdown } from '@slipway/report';
import { homeCommands } from '@slipway/steps';

/**
 * A release in steps that a run leaves open, for people: where it is, what it waits for, and how users are taken off it by hand. A step
 * that is green says first that this is not a success.
 * @param says why it waits, as half a sentence
 * @param awaited what it waits for, where the record does not say so
 */
export function openSummary(
  release: Release,
  says: string,
  awaited = release.steps?.['waiting-for'],
): string {
  const open = openReleaseOf(release);
  if (open === undefined) return '';
  const { number, application, formation } = release;
  const waits = open.waitingFor === undefined ? '' : ` and waits for ${open.waitingFor}`;
  return [
    `### ⏳ Release ${number} of ${escapeMarkdown(`${application}/${formation}`)} is open${waits}\n\n`,
    `It is not a success yet: ${escapeMarkdown(openReleaseSentence(open))}.\n\n`,
    // What a pause is called says why it waits.
    ...(says === `it waits for ${open.waitingFor}` ? [] : [`Why: ${escapeMarkdown(says)}.\n`]),
    wayHome(release, awaited),
  ].join('');
}

/** Commands that would take users from the only pods that serve are not for anyone to copy. */
function wayHome(release: Release, awaited: string | undefined): string {
  if (awaited === 'stable')
    return 'Users stay with the copy: bring stable back before you take them off it by hand.\n';
  return details('How users are taken off it without GitHub', codeBlock(homeCommands(release)));
}
