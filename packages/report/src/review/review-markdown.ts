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
    settingsSection(review),
    removedSection(review),
    movedSection(review),
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

/** What a release changes and no manifest shows, such as another image of a service. */
function settingsSection({ settings }: ShownReview): Section {
  if (settings.length === 0) return { variants: [''], importance: 3 };
  const diff = (maxFields: number): string =>
    diffDetails('not in the manifests', settings, { groups: 1, maxFields });
  return {
    variants: [diff(50), diff(8), '\nWhich settings change is in the summary of the run.\n'],
    importance: 3,
  };
}

function removedSection({ removed }: ShownReview): Section {
  if (removed.length === 0) return { variants: [''], importance: 9 };
  const names = removed.map(({ name }) => code(name)).join(', ');
  const taken = removed.flatMap(({ name, successor }) =>
    successor === undefined
      ? []
      : [
          ` ${code(successor)} has the namespace of ${code(name)}: in the same cluster it takes over what runs there, so do not destroy that.`,
        ],
  );
  const leave = removed.length === 1 ? 'leaves' : 'leave';
  const text = `\n${names} ${leave} the formations. What runs there stays until deploy's <code>mode: destroy</code> removes it.${taken.join('')}\n`;
  return { variants: [quietMarkdown(text)], importance: 6 };
}

/** Nothing is removed by a move, which would else look as if the pull request did it. */
function movedSection({ moved }: ShownReview): Section {
  const sentences = moved.map(({ name, namespace, isNamespaceKept }) =>
    isNamespaceKept
      ? `${code(name)} has another context or server: in another cluster everything is new, and what runs in the old one stays until deploy's <code>mode: destroy</code> removes it there.`
      : `${code(name)} leaves the namespace ${code(namespace)}: what runs in that stays until deploy's <code>mode: destroy</code> removes it there.`,
  );
  const text = sentences.map(sentence => `\n${sentence}\n`).join('');
  return { variants: [quietMarkdown(text)], importance: 6 };
}

function findingSection(
  { targets }: ShownReview,
  found: readonly SharedFinding[],
  links: FindingLinks,
  importance: number,
): Section {
  if (found.length === 0) return { variants: [''], importance };
  const variants = [200, 40, 10, 3].map(rows =>
    quietMarkdown(findingTables(found, rows, targets.length, links)),
  );
  return { variants, importance };
}
