import type { Finding, Severity } from '@slipway/core';
import type { Annotation, Runner } from '@slipway/github';

/** GitHub shows ten of a kind for a step, and the step's own failure is one of them. */
export const MAX_ANNOTATIONS = 9;

const kinds: Readonly<Record<Severity, Annotation['severity']>> = {
  error: 'error',
  'sign-off': 'warning',
  warning: 'warning',
  notice: 'notice',
};

/** A finding as often as it was made for different destinations, shown once. */
export interface SharedFinding {
  readonly finding: Finding;
  /** `production/eu`, …; empty for plain manifests. */
  readonly places: readonly string[];
}

export function shareFindings(findings: readonly Finding[]): SharedFinding[] {
  const shared = new Map<string, { finding: Finding; places: string[] }>();
  for (const finding of findings) {
    const { rule, message, place, object, formation, destination } = finding;
    const key = JSON.stringify([rule, message, place, object?.kind, object?.name]);
    const entry = shared.get(key) ?? { finding, places: [] };
    if (formation !== undefined && destination !== undefined)
      entry.places.push(`${formation}/${destination}`);
    shared.set(key, entry);
  }
  return [...shared.values()];
}

/** The same order, but among findings of one gravity those in files that the pull request changes come first: its author sees them there. */
export function changedFirst(
  shared: readonly SharedFinding[],
  changed: ReadonlySet<string>,
): readonly SharedFinding[] {
  const rank = ({ finding }: SharedFinding): number => (changed.has(finding.place?.path ?? '') ? 0 : 1);
  const grave = [...new Set(shared.map(({ finding }) => finding.severity))];
  return grave.flatMap(severity =>
    shared.filter(({ finding }) => finding.severity === severity).sort((a, b) => rank(a) - rank(b)),
  );
}

/** Shows findings on their lines, the gravest first as they come, and says how many more there are. */
export function annotate(shared: readonly SharedFinding[], runner: Runner): void {
  const shown = new Map<Annotation['severity'], number>();
  for (const { finding, places } of shared) {
    const severity = kinds[finding.severity];
    const count = (shown.get(severity) ?? 0) + 1;
    shown.set(severity, count);
    if (count > MAX_ANNOTATIONS) continue;
    runner.annotate({
      severity,
      title: finding.rule,
      message: messageOf(finding, places),
      ...(finding.place === undefined ? {} : { place: finding.place }),
    });
  }
  for (const [severity, count] of shown)
    if (count > MAX_ANNOTATIONS)
      runner.logger.warning(
        `${count - MAX_ANNOTATIONS} more ${severity}s are in the summary and in report.json`,
      );
}

function messageOf({ message, fix, object }: Finding, places: readonly string[]): string {
  const what = object === undefined ? '' : `${object.kind} ${object.name}: `;
  const where = places.length === 0 ? '' : ` [${places.join(', ')}]`;
  return `${what}${message}${fix === undefined ? '' : `; ${fix}`}${where}`;
}
