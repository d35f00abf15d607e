import type { Plan, PlannedChange, Release } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import type { Destroyed, JobLog, ReleaseEntry } from '@slipway/release';
import { code, codeBlock, details, escapeMarkdown, table } from '@slipway/report';
import { fieldLines, isShown, notesOf, planTitle, SIGNS } from './plan.ts';

/** Fields of one object that the summary shows in its fold. */
const MAX_SHOWN_FIELDS = 50;
/** Rows of the summary's table; plan.json has them all. */
const MAX_ROWS = 200;

/** The plan as a person wants to see it: what changes, each with its fields in a fold. */
export function planSummary(plan: Plan, heading: string): string {
  const limits = (plan.limits ?? []).map(limit => `\n> ${escapeMarkdown(limit)}\n`).join('');
  const changes = plan.changes.filter(isShown);
  return `\n## ${escapeMarkdown(heading)}\n\n${escapeMarkdown(planTitle(plan))}\n${limits}${changesList(changes)}`;
}

function changesList(changes: readonly PlannedChange[]): string {
  const rows = changes
    .slice(0, MAX_ROWS)
    .map(change => [
      code(SIGNS[change.action]),
      escapeMarkdown(describeObject(change.object)),
      change.action,
      escapeMarkdown(notesOf(change)),
    ]);
  const more = changes.length > MAX_ROWS ? `\nand ${changes.length - MAX_ROWS} more\n` : '';
  const folds = changes
    .filter(({ fields = [] }) => fields.length > 0)
    .slice(0, MAX_ROWS)
    .map(change =>
      details(escapeMarkdown(describeObject(change.object)), codeBlock(fieldLines(change, MAX_SHOWN_FIELDS))),
    );
  const list = rows.length === 0 ? '\nNothing changes.\n' : table(['', 'object', 'action', ''], rows);
  return `${list}${more}\n${folds.join('')}`;
}

export function releaseSummary(release: Release): string {
  const { number, application, formation, namespace, deploymentTag, objects } = release;
  const tag = deploymentTag === undefined ? '' : `, deployment tag ${code(deploymentTag)}`;
  const written = objects.filter(object => object.written).length;
  return `\nRelease **${number}** of ${code(`${application}/${formation}`)} in namespace ${code(namespace)}${tag}: ${written} of ${objects.length} objects written.\n`;
}

/** What migrations and other Jobs said, each in a fold. */
export function jobLogsSummary(logs: readonly JobLog[]): string {
  return logs
    .map(({ job, container, text }) =>
      details(
        escapeMarkdown(`The end of what Job ${job} said (${container})`),
        codeBlock(text.trimEnd().split('\n')),
      ),
    )
    .join('');
}

/** The kept releases, newest first. */
export function releasesSummary(
  name: string,
  releases: readonly ReleaseEntry[],
  unreadable: ReadonlyMap<number, unknown>,
): string {
  const rows = releases.map(({ number, verdict, deploymentTag, created }) => [
    String(number),
    unreadable.has(number) ? 'unreadable' : escapeMarkdown(verdict ?? 'open'),
    deploymentTag === undefined ? '' : code(deploymentTag),
    escapeMarkdown(created),
  ]);
  const list =
    rows.length === 0
      ? '\nThere are none.\n'
      : table(['release', 'verdict', 'deployment tag', 'created'], rows);
  return `\n## Releases of ${escapeMarkdown(name)}\n${list}`;
}

export function differenceSummary(from: number, to: number, changes: readonly PlannedChange[]): string {
  return `\n### From release ${from} to release ${to}\n${changesList(changes)}`;
}

export function destroySummary(name: string, { removed, left }: Destroyed): string {
  const kept = left.map(object => `\n- ${escapeMarkdown(describeObject(object))} stays; the log says why`);
  return `\n## ${escapeMarkdown(name)} is gone\n\n${removed.length} objects were removed.\n${kept.join('')}\n`;
}
