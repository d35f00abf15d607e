import { count } from '@slipway/core';
import { type FindingLinks, findingTables } from '../findings/finding-tables.ts';
import { type SharedFinding, shareFindings } from '../findings/shared-findings.ts';
import { code } from '../markdown/blocks.ts';
import { escapeMarkdown, quietMarkdown } from '../markdown/escape.ts';
import { changeTable } from './change-table.ts';
import { diffDetails } from './diff-fence.ts';
import { columnsOf, type SharedChanges, sharedChanges } from './groups.ts';
import { passedSection, unknownPassed } from './passed-section.ts';
import { countsOf, ignoredFields, reviewTitle } from './review-title.ts';
import { fitSections, type Section } from './sections.ts';
import type { ReviewLinks, ShownReview } from './shown-review.ts';

/**
 * A review as a comment or a summary: what changes where, in which fields, what the next release changes beside that, who must approve
 * it, what was found, and what is not known.
 * It is one line if nothing changes and nothing was found.
 * @param limit in bytes; the least important parts are shortened first, and say so
 */
export function reviewMarkdown(review: ShownReview, links: ReviewLinks, limit: number): string {
  const found = shareFindings(review.targets.flatMap(({ report }) => report.findings));
  const changed = review.targets.some(({ changes = [] }) => changes.length > 0);
  const sections: Section[] = [
    { variants: [headline(review, found)], importance: 9 },
    ...(changed ? [tableSection(review, links), diffSection(review), passedSection(review, links)] : []),
    removedSection(review),
    findingSection(review, found.filter(isSignOff), links, 8),
    findingSection(
      review,
      found.filter(finding => !isSignOff(finding)),
      links,
      5,
    ),
    ...(changed ? [{ variants: [limitsLine(review)], importance: 2 }] : []),
  ];
  return fitSections(sections, limit);
}

function limitsLine(review: ShownReview): string {
  const limits = [...review.limits, ...unknownPassed(review)];
  return limits.length === 0 ? '' : `\n<sub>${quietMarkdown(limits.map(escapeMarkdown).join(' '))}</sub>\n`;
}

function isSignOff({ finding }: SharedFinding): boolean {
  return finding.severity === 'sign-off';
}

function headline(review: ShownReview, found: readonly SharedFinding[]): string {
  const { application, targets } = review;
  const parts = [reviewTitle(review), ...countsOf(found)].join(', ');
  const text = application === '' ? capitalised(parts) : `${escapeMarkdown(application)}: ${parts}`;
  return `### ${markOf(targets.map(({ report }) => report.verdict))} ${text}\n`;
}

function markOf(verdicts: readonly string[]): string {
  if (verdicts.includes('failed')) return '❌';
  return verdicts.includes('needs-sign-off') ? '⏳' : '✅';
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function tableSection({ targets }: ShownReview, links: FindingLinks): Section {
  const columns = columnsOf(targets);
  const equal = Math.max(0, ...targets.map(target => target.equal));
  const ignored = ignoredFields(targets);
  const notes = [
    '<code>+</code> new, <code>~</code> changed, <code>±</code> replaced, <code>-</code> removed, ↻ restarts pods',
    targets.length === 1
      ? `${count(equal, 'object')} unchanged`
      : `up to ${count(equal, 'object')} unchanged in each`,
    ...(ignored === 0 ? [] : [`${count(ignored, 'field')} ignored`]),
  ];
  const after = `<sub>${notes.join('; ')}</sub>\n`;
  return {
    variants: [200, 60, 20].map(rows => quietMarkdown(`${changeTable(columns, links, rows)}${after}`)),
    importance: 7,
  };
}

function diffSection({ targets }: ShownReview): Section {
  const shared = sharedChanges(targets);
  return {
    variants: [
      ...[50, 12, 4].map(fields => shared.map(group => diffOf(group, shared.length, fields)).join('')),
      '\nWhich fields change is in the summary of the run.\n',
    ],
    importance: 1,
  };
}

function diffOf({ names, changes }: SharedChanges, groups: number, maxFields: number): string {
  return diffDetails(quietMarkdown(names.map(code).join(', ')), changes, { groups, maxFields });
}

function removedSection({ removed }: ShownReview): Section {
  if (removed.length === 0) return { variants: [''], importance: 9 };
  const one = removed.length === 1;
  const text = `\n${removed.map(code).join(', ')} ${one ? 'leaves' : 'leave'} the formations. What runs there stays until deploy's <code>mode: destroy</code> removes it.\n`;
  return { variants: [quietMarkdown(text)], importance: 6 };
}

function findingSection(
  { targets }: ShownReview,
  found: readonly SharedFinding[],
  links: FindingLinks,
  importance: number,
): Section {
  if (found.length === 0) return { variants: [''], importance };
  const variants = [200, 40, 10].map(rows =>
    quietMarkdown(findingTables(found, rows, targets.length, links)),
  );
  return { variants, importance };
}
