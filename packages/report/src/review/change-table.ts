import { count } from '@slipway/core';
import type { FindingLinks } from '../findings/finding-tables.ts';
import { code, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { lineLink } from '../markdown/line-link.ts';
import { SIGNS } from '../plans/plan-lines.ts';
import { type Column, rowTitle } from './groups.ts';
import type { ShownChange } from './shown-review.ts';

/** An object in a row, a group of equal destinations in a column. */
export function changeTable(columns: readonly Column[], links: FindingLinks, maxRows: number): string {
  const rows = new Map<string, ShownChange>();
  for (const { changes } of columns)
    for (const [key, change] of changes) if (!rows.has(key)) rows.set(key, change);
  const shown = [...rows].slice(0, maxRows);
  const cells = shown.map(([key, change]) => [
    `${escapeMarkdown(rowTitle(change))}${writtenAt(change, links)}`,
    ...columns.map(({ changes }) => cell(changes.get(key))),
  ]);
  const headers = ['', ...columns.map(({ names }) => names.map(escapeMarkdown).join('<br>'))];
  const more = rows.size > shown.length ? `…and ${count(rows.size - shown.length, 'more object')}.\n` : '';
  return `${table(headers, cells)}${more}`;
}

function cell(change: ShownChange | undefined): string {
  if (change === undefined) return '';
  return `${code(SIGNS[change.action])}${change.restarts ? ' ↻' : ''}`;
}

function writtenAt({ at }: ShownChange, { lineUri }: FindingLinks): string {
  return at === undefined ? '' : `<br><sub>${lineLink(at, lineUri)}</sub>`;
}
