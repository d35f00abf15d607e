import { type OpenRelease, openReleaseOf, openReleaseSentence, type Release } from '@slipway/core';
import type { KeptIssue } from '@slipway/github';
import { code, escapeMarkdown, quietMarkdown, targetName } from '@slipway/report';

const MAX_TITLE = 256;

/** The issue about the releases of a formation in steps, by whichever run it is written: open while one of them is. */
export function waitingIssue(release: Release, says: string, runUrl: string): Omit<KeptIssue, 'repository'> {
  const { application, formation, destination = '', namespace, steps } = release;
  const notify = steps?.settings?.notify ?? [];
  return {
    key: JSON.stringify(['steps', application, formation, destination, namespace]),
    title: `${targetName(release)}: ${titleOf(release)}`.slice(0, MAX_TITLE),
    body: [
      ...(notify.length === 0 ? [] : [`For ${notify.map(withAt).join(', ')}.`]),
      quietMarkdown(bodyOf(release, says).join('\n\n')),
      ...(runUrl === '' ? [] : [`Seen by ${escapeMarkdown(runUrl)}`]),
    ].join('\n\n'),
    isNeeded: release.verdict === undefined,
    assignees: notify.filter(name => !name.includes('/')).map(name => name.replace(/^@/, '')),
  };
}

/** GitHub notifies those who are named so: teams as well, which it does not assign. */
function withAt(name: string): string {
  return `@${name.replace(/^@/, '')}`;
}

function titleOf({ number, verdict, steps }: Release): string {
  if (verdict !== undefined) return `release ${number} is closed as ${verdict}`;
  const awaited = steps?.['waiting-for'];
  return awaited === undefined ? `release ${number} is open` : `release ${number} waits for ${awaited}`;
}

function bodyOf(release: Release, says: string): string[] {
  const open = openReleaseOf(release);
  if (open === undefined) return [`${escapeMarkdown(says)}.`];
  const tag = release.deploymentTag;
  return [
    `${escapeMarkdown(capitalized(openReleaseSentence(open)))}.`,
    ...(tag === undefined ? [] : [`Its deployment tag is ${code(tag)}.`]),
    ...(says === '' ? [] : [`${escapeMarkdown(capitalized(says))}.`]),
    howToDecide(open),
  ];
}

function howToDecide({ release: number, phase, waitingFor: awaited }: OpenRelease): string {
  if (phase === 'undoing' || phase === 'committing')
    return 'Once that is put right, the next look carries it to its end.';
  if (awaited === 'time') return 'Nothing has to be decided: the next look after that judges it.';
  return [
    `If a job waits for it, its approval is the decision. By hand: start the workflow that looks at open releases (${code('progress.yml')}) with ${code(String(number))} as the release and one of these as the decision.`,
    '',
    ...(awaited === undefined || awaited === 'stable'
      ? []
      : [`- ${code(`continue ${awaited}`)} ${awaited === 'foreign-edit' ? FORCED : 'lets it go on.'}`]),
    `- ${code('promote')} commits it, and leaves out what is ahead.`,
    `- ${code('reject')} undoes it.`,
  ].join('\n');
}

const FORCED = 'takes the edit back by force, unless it is one of stable or removed a Service.';

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
