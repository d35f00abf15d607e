import type { Position, Severity } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';
import { code, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { lineLink } from '../markdown/line-link.ts';
import { isKnown, relatedPlaces, type SharedFinding } from './shared-findings.ts';

/** Where a reader of findings finds more. */
export interface FindingLinks {
  /** The page that explains a rule, if there is one. */
  readonly helpUri?: (rule: string) => string | undefined;
  /** The page of a line at the commit that was checked, if there is one. */
  readonly lineUri?: (at: Position) => string | undefined;
  /** What became of findings that have no row: `in report.json` unless the caller writes none. */
  readonly rest?: string;
}

const MARKS: Readonly<Record<Severity, string>> = {
  error: '🔴',
  'sign-off': '🟣',
  warning: '🟡',
  notice: '🔵',
};

/**
 * A table for each rule of each severity, since ten findings of one rule are usually one thing to fix.
 * @param isOfSeveral whether the findings are those of several destinations, which a column then names
 */
export function findingTables(
  shared: readonly SharedFinding[],
  maxRows: number,
  isOfSeveral: boolean,
  links: FindingLinks,
): string {
  const shown = shared.slice(0, maxRows);
  const groups = Map.groupBy(
    shown,
    ({ finding }) => `${finding.severity} ${finding.rule} ${isKnown(finding)}`,
  );
  const ordered = [...groups.values()].sort((a, b) => rankOf(a) - rankOf(b));
  const more =
    shared.length > maxRows ? `${shared.length - maxRows} more are ${links.rest ?? 'in report.json'}.\n` : '';
  return `${ordered.map(group => ruleTable(group, isOfSeveral, links)).join('')}${more}`;
}

function rankOf([first]: readonly SharedFinding[]): number {
  return Object.keys(MARKS).indexOf(first?.finding.severity ?? 'notice');
}

function ruleTable(group: readonly SharedFinding[], isOfSeveral: boolean, links: FindingLinks): string {
  const [first] = group;
  if (first === undefined) return '';
  const { severity, rule } = first.finding;
  const uri = links.helpUri?.(rule);
  const name = uri === undefined ? code(rule) : `[${code(rule)}](${uri})`;
  const rows = group.map(({ finding, targets }) => [
    describe(finding),
    whereOf(finding, links),
    ...(isOfSeveral ? [targets.map(escapeMarkdown).join(', ')] : []),
  ]);
  const headers = ['What', 'Where', ...(isOfSeveral ? ['For'] : [])];
  const known = isKnown(first.finding) ? ', there before' : '';
  return `\n${MARKS[severity]} ${severity} ${name}${known}\n${table(headers, rows)}`;
}

function whereOf(finding: SharedFinding['finding'], { lineUri }: FindingLinks): string {
  const place = finding.place === undefined ? [] : [lineLink(finding.place, lineUri)];
  return [...place, ...relatedPlaces(finding).map(escapeMarkdown)].join('<br>');
}

function describe({ message, fix, object }: SharedFinding['finding']): string {
  const what = object === undefined ? '' : `${code(describeBriefly(object))}: `;
  return `${what}${escapeMarkdown(message)}${fix === undefined ? '' : `<br>→ ${escapeMarkdown(fix)}`}`;
}
