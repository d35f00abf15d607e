import { type Finding, formatPosition } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';

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
    const { rule, severity, lowered, message, place, object, formation, destination } = finding;
    const key = JSON.stringify([rule, severity, lowered, message, place, object?.kind, object?.name]);
    const known = shared.get(key);
    const entry = { finding: withRelated(known?.finding ?? finding, finding), targets: known?.targets ?? [] };
    if (formation !== undefined && destination !== undefined)
      entry.targets.push(`${formation}/${destination}`);
    shared.set(key, entry);
  }
  return [...shared.values()];
}

/** The values of several destinations come from different lines of the config. */
function withRelated(first: Finding, other: Finding): Finding {
  const known = new Set((first.related ?? []).map(entry => JSON.stringify(entry)));
  const more = (other.related ?? []).filter(entry => !known.has(JSON.stringify(entry)));
  return more.length === 0 ? first : { ...first, related: [...(first.related ?? []), ...more] };
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

/** Places that are shown beside that of a finding; report.json has all. */
const MAX_RELATED = 3;

/** What else it is about, and where: `value of *.*.port: config/api.yaml:5:13`. */
export function relatedPlaces({ related = [] }: Finding): string[] {
  const places = related
    .slice(0, MAX_RELATED)
    .map(({ message, place }) => `${message}: ${formatPosition(place)}`);
  return related.length > MAX_RELATED ? [...places, `${related.length - MAX_RELATED} more`] : places;
}

/**
 * One line of plain text: `Deployment api: what is wrong; how to fix it (value of *.*.port: config/api.yaml:5:13) [production/eu]`.
 */
export function findingLine({ finding, targets }: SharedFinding): string {
  const { message, fix, object } = finding;
  const subject = object === undefined ? '' : `${describeBriefly(object)}: `;
  const related = relatedPlaces(finding);
  const places = related.length === 0 ? '' : ` (${related.join('; ')})`;
  const where = targets.length === 0 ? '' : ` [${targets.join(', ')}]`;
  const known = isKnown(finding) ? ' (it was there before)' : '';
  return `${subject}${message}${fix === undefined ? '' : `; ${fix}`}${known}${places}${where}`;
}

/** Whether a pack of the level `new` only warns of it because the base commit has it too. */
export function isKnown({ severity, lowered }: Finding): boolean {
  return severity === 'warning' && lowered === 'as-before';
}
