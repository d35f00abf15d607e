import type { Finding } from '@slipway/core';

/** A finding with all destinations that it was made for, so that it is shown once. */
export interface SharedFinding {
  readonly finding: Finding;
  /** `production/eu`, …; empty for plain manifests. */
  readonly targets: readonly string[];
}

/** Findings that differ in nothing but their destination become one; the order stays that of the first of each. */
export function shareFindings(findings: readonly Finding[]): SharedFinding[] {
  const shared = new Map<string, { finding: Finding; targets: string[] }>();
  for (const finding of findings) {
    const { rule, severity, message, place, object, formation, destination } = finding;
    const key = JSON.stringify([rule, severity, message, place, object?.kind, object?.name]);
    const entry = shared.get(key) ?? { finding, targets: [] };
    if (formation !== undefined && destination !== undefined)
      entry.targets.push(`${formation}/${destination}`);
    shared.set(key, entry);
  }
  return [...shared.values()];
}

/**
 * The same findings, ordered so that among those of one severity the ones in changed files come first: that is where the author of a
 * pull request sees them.
 * @param changed paths from the root of the workspace
 */
export function changedFirst(
  shared: readonly SharedFinding[],
  changed: ReadonlySet<string>,
): readonly SharedFinding[] {
  const rank = ({ finding }: SharedFinding): number => (changed.has(finding.place?.path ?? '') ? 0 : 1);
  const severities = [...new Set(shared.map(({ finding }) => finding.severity))];
  return severities.flatMap(severity =>
    shared.filter(({ finding }) => finding.severity === severity).sort((a, b) => rank(a) - rank(b)),
  );
}

/** One line of plain text: `Deployment api: what is wrong; how to fix it [production/eu, production/us]`. */
export function findingLine({ finding, targets }: SharedFinding): string {
  const { message, fix, object } = finding;
  const subject = object === undefined ? '' : `${object.kind} ${object.name}: `;
  const where = targets.length === 0 ? '' : ` [${targets.join(', ')}]`;
  return `${subject}${message}${fix === undefined ? '' : `; ${fix}`}${where}`;
}
