import type { ApplicationStatus, DestinationStatus } from '@slipway/core';
import { code, details, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { commitLink, type LinkedText, pullLink, runLink } from './status-links.ts';
import { minuteOf, sentencesOf, statusTitle, wordsOf } from './status-words.ts';

/** The most commits that are listed for a destination. */
const MOST_COMMITS = 20;

/** What an application runs where: a table, and below it what is wrong, waits or is not known. */
export function statusMarkdown(status: ApplicationStatus): string {
  const rows = status.destinations.map(row => cellsOf(row, status));
  const headers = ['destination', 'state', 'live', 'since, by, why', 'now', 'behind'];
  return [
    `\n## What runs where: ${escapeMarkdown(statusTitle(status))}\n`,
    `\nAs of ${escapeMarkdown(minuteOf(status.at))}.\n`,
    rows.length === 0 ? '' : table(headers, rows),
    ...status.destinations.map(row => rowDetails(row, status)),
  ].join('');
}

/** Few columns, as a table that is wider than a comment becomes a list. */
function cellsOf(row: DestinationStatus, status: ApplicationStatus): readonly string[] {
  const { name, state, since, why, verdict, health, drift, behind } = wordsOf(row);
  const now = [verdict, health, drift === '' ? '' : `drift: ${drift}`].filter(part => part !== '');
  const begun = [since, why].filter(part => part !== '');
  return [
    code(name),
    state,
    liveCell(row, status),
    begun.map(escapeMarkdown).join('<br>'),
    now.map(escapeMarkdown).join('<br>'),
    escapeMarkdown(behind),
  ];
}

function liveCell({ live }: DestinationStatus, status: ApplicationStatus): string {
  if (live === undefined) return '';
  const { deploymentTag, commit, run, release } = live;
  return [
    deploymentTag === undefined ? '' : code(deploymentTag),
    commit === undefined ? '' : linked(commitLink(status, commit)),
    `release ${release}`,
    run === undefined ? '' : linked(runLink(status, run)),
  ]
    .filter(part => part !== '')
    .join(' ');
}

function rowDetails(row: DestinationStatus, status: ApplicationStatus): string {
  const { name, state } = wordsOf(row);
  const sentences = sentencesOf(row).map(sentence => `- ${escapeMarkdown(sentence)}\n`);
  const limits = row.limits.map(limit => `- _${escapeMarkdown(limit)}_\n`);
  const behind = behindList(row, status);
  if (sentences.length + behind.length === 0) return '';
  return details(
    `${code(name)} ${state}`,
    `${sentences.join('')}${limits.join('')}${behind}`,
    row.state !== 'waiting',
  );
}

function behindList({ behind }: DestinationStatus, status: ApplicationStatus): string {
  const { pulls = [], commits = [] } = behind ?? {};
  const requests = pulls.map(
    ({ number, title }) => `- ${linked(pullLink(status, number))} ${escapeMarkdown(title)}\n`,
  );
  const listed = commits
    .slice(0, MOST_COMMITS)
    .map(({ sha, title }) => `- ${linked(commitLink(status, sha))} ${escapeMarkdown(title)}\n`);
  if (requests.length + listed.length === 0) return '';
  return `\nNot promoted yet:\n\n${[...requests, ...listed].join('')}`;
}

function linked({ text, href }: LinkedText): string {
  return href === undefined ? escapeMarkdown(text) : `[${escapeMarkdown(text)}](${href})`;
}
