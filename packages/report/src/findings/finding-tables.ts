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

/** Destinations that are named even if they are all of them. */
const FEW = 3;

const MARKS: Readonly<Record<Severity, string>> = {
  error: '🔴',
  'sign-off': '🟣',
  warning: '🟡',
  notice: '🔵',
};

/**
 * A table for each rule of each severity, since ten findings of one rule are usually one thing to fix.
 * @param destinations how many were checked; of several, a column says which a finding is for
 */
export function findingTables(
  shared: readonly SharedFinding[],
  maxRows: number,
  destinations: number,
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
  return `${ordered.map(group => ruleTable(group, destinations, links)).join('')}${more}`;
}

function rankOf([first]: readonly SharedFinding[]): number {
  return Object.keys(MARKS).indexOf(first?.finding.severity ?? 'notice');
}

function ruleTable(group: readonly SharedFinding[], destinations: number, links: FindingLinks): string {
  const [first] = group;
  if (first === undefined) return '';
  const { severity, rule } = first.finding;
  const uri = links.helpUri?.(rule);
  const name = uri === undefined ? code(rule) : `[${code(rule)}](${uri})`;
  const isOfSeveral = destinations > 1;
  const rows = group.map(({ finding, targets }) => [
    describe(finding),
    whereOf(finding, links),
    ...(isOfSeveral ? [forWhom(targets, destinations)] : []),
  ]);
  const headers = ['What', 'Where', ...(isOfSeveral ? ['For'] : [])];
  const known = isKnown(first.finding) ? ', there before' : '';
  return `\n${MARKS[severity]} ${severity} ${name}${known}\n${table(headers, rows)}`;
}

/** Thirty names in each row would leave no room for the rows. */
function forWhom(targets: readonly string[], destinations: number): string {
  const names = [...new Set(targets)];
  return names.length === destinations && destinations > FEW
    ? `all ${destinations}`
    : names.map(escapeMarkdown).join(', ');
}

function whereOf(finding: SharedFinding['finding'], { lineUri }: FindingLinks): string {
  const place = finding.place === undefined ? [] : [lineLink(finding.place, lineUri)];
  return [...place, ...relatedPlaces(finding).map(escapeMarkdown)].join('<br>');
}

function describe({ message, fix, object }: SharedFinding['finding']): string {
  const what = object === undefined ? '' : `${code(describeBriefly(object))}: `;
  return `${what}${escapeMarkdown(message)}${fix === undefined ? '' : `<br>→ ${escapeMarkdown(fix)}`}`;
}
