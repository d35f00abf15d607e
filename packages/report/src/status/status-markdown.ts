import {
  type ApplicationStatus,
  type ConfigBehind,
  type DestinationStatus,
  ownConfigBehind,
} from '@slipway/core';
import { code, details, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { type AlikeWords, alikeWords } from './alike-words.ts';
import { type InstancesWords, instancesWords } from './instances-words.ts';
import { commitLink, type LinkedText, pullLink, runLink } from './status-links.ts';
import { minuteOf, sentencesOf, statusTitle, wordsOf } from './status-words.ts';

/** The most destinations that are listed without being folded. */
const MOST_LISTED = 10;
/** The most commits that are listed for a destination. */
const MOST_COMMITS = 20;

/** What an application runs where: a table, and below it what is wrong, waits or is not known. */
export function statusMarkdown(status: ApplicationStatus): string {
  const rows = status.destinations.map(row => cellsOf(row, status));
  const headers = ['destination', 'state', 'live', 'since, by, why', 'now', 'behind'];
  return [
    `\n## What runs where: ${escapeMarkdown(statusTitle(status))}\n`,
    `\nAs of ${escapeMarkdown(minuteOf(status.at))}.\n`,
    ...alikeWords(status).map(alikeList),
    rows.length === 0 ? '' : table(headers, rows),
    ...status.destinations.map(row => rowDetails(row, status)),
    ...instancesWords(status).map(words => instancesList(words, status)),
  ].join('');
}

/** The destinations that are not alike, folded where they are many. */
function alikeList({ title, others }: AlikeWords): string {
  const listed = others
    .map(({ name, state, why }) => `- ${code(name)} ${state}: ${escapeMarkdown(why)}\n`)
    .join('');
  if (others.length === 0) return `\n${escapeMarkdown(title)}.\n`;
  const heading = `\n${escapeMarkdown(title)}:\n\n`;
  if (others.length <= MOST_LISTED) return `${heading}${listed}`;
  return details(escapeMarkdown(title), listed);
}

/** The instances of a spawned formation; text of theirs is never a link. */
function instancesList({ title, lines }: InstancesWords, status: ApplicationStatus): string {
  const listed = lines.map(
    ({ name, pull, text }) =>
      `- ${code(name)}${pull === undefined ? '' : ` ${linked(pullLink(status, pull))}`}: ${escapeMarkdown(text)}\n`,
  );
  const heading = `\n${escapeMarkdown(title)}`;
  if (listed.length === 0) return `${heading}.\n`;
  if (listed.length > MOST_LISTED) return details(escapeMarkdown(title), listed.join(''));
  return `${heading}:\n\n${listed.join('')}`;
}

/** Few columns, as a table that is wider than a comment becomes a list. */
function cellsOf(row: DestinationStatus, status: ApplicationStatus): readonly string[] {
  const { name, state, kept, since, why, verdict, health, drift, behind } = wordsOf(row);
  const now = [verdict, health, drift === '' ? '' : `drift: ${drift}`].filter(part => part !== '');
  const begun = [since, why].filter(part => part !== '');
  return [
    code(name),
    [state, ...kept].join('<br>'),
    liveCell(row, status),
    begun.map(escapeMarkdown).join('<br>'),
    now.map(escapeMarkdown).join('<br>'),
    escapeMarkdown(behind),
  ];
}

function liveCell({ live }: DestinationStatus, status: ApplicationStatus): string {
  if (live === undefined) return '';
  const { deploymentTag, commit, configCommit, run, release } = live;
  return [
    deploymentTag === undefined ? '' : code(deploymentTag),
    commit === undefined ? '' : linked(commitLink(status, commit)),
    configCommit === undefined || configCommit === commit
      ? ''
      : `config ${linked(commitLink(status, configCommit))}`,
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
  const lock = lockLine(row, status);
  if (sentences.length + behind.length === 0) return '';
  return details(
    `${code(name)} ${state}`,
    `${sentences.join('')}${lock}${limits.join('')}${behind}`,
    row.state !== 'waiting',
  );
}

/** The run that has the lock; its address is in the sentence too, where it is not a run of this repository. */
function lockLine({ lock }: DestinationStatus, status: ApplicationStatus): string {
  const { href } = lock === undefined ? {} : runLink(status, lock.by);
  return href === undefined ? '' : `- [the run with the lock](${href})\n`;
}

function behindList({ behind }: DestinationStatus, status: ApplicationStatus): string {
  if (behind === undefined) return '';
  const config = ownConfigBehind(behind);
  return `${changeList('Not promoted yet', behind, status)}${
    config === undefined ? '' : changeList('Configuration that is not promoted yet', config, status)
  }`;
}

function changeList(
  heading: string,
  { pulls = [], commits = [] }: Pick<ConfigBehind, 'pulls' | 'commits'>,
  status: ApplicationStatus,
): string {
  const requests = pulls.map(
    ({ number, title }) => `- ${linked(pullLink(status, number))} ${escapeMarkdown(title)}\n`,
  );
  const listed = commits
    .slice(0, MOST_COMMITS)
    .map(({ sha, title }) => `- ${linked(commitLink(status, sha))} ${escapeMarkdown(title)}\n`);
  if (requests.length + listed.length === 0) return '';
  return `\n${heading}:\n\n${[...requests, ...listed].join('')}`;
}

function linked({ text, href }: LinkedText): string {
  return href === undefined ? escapeMarkdown(text) : `[${escapeMarkdown(text)}](${href})`;
}
