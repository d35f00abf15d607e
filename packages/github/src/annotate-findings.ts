import { defined, type Severity } from '@slipway/core';
import { changedFirst, findingLine, type SharedFinding } from '@slipway/report';
import type { Annotation, Runner } from './runner.ts';

/** GitHub keeps ten annotations of a kind for each step, and the step's own failure is one of them. */
const MAX_ANNOTATIONS = 9;

const KINDS: Readonly<Record<Severity, Annotation['severity']>> = {
  error: 'error',
  'sign-off': 'warning',
  warning: 'warning',
  notice: 'notice',
};

export interface AnnotationOptions {
  /** Where to find those that are not shown: `in the summary and in report.json`. */
  readonly rest: string;
  /** The paths that the pull request changes, from the root of the workspace. Asked only if not all findings can be shown. */
  readonly changedFiles: () => Promise<readonly string[]>;
}

/**
 * Shows findings on their lines, once for each rule and position and not for each object or destination. If there are more than GitHub
 * keeps, those in changed files are preferred, and the last annotation says how many more there are.
 * @param shared the most important first, as `sortFindings` orders them
 */
export async function annotateFindings(
  shared: readonly SharedFinding[],
  runner: Runner,
  { rest, changedFiles }: AnnotationOptions,
): Promise<void> {
  const isCut = byKind(shared).some(positions => positions.length > MAX_ANNOTATIONS);
  const ordered = isCut ? changedFirst(shared, new Set(await changedFiles())) : shared;
  for (const positions of byKind(ordered)) {
    const shown = positions.length > MAX_ANNOTATIONS ? positions.slice(0, MAX_ANNOTATIONS - 1) : positions;
    for (const group of shown) runner.annotate(annotationOf(group));
    const [first] = shown;
    if (first === undefined || shown.length === positions.length) continue;
    const severity = kindOf(first);
    const message = `${positions.length - shown.length} more ${severity}s are ${rest}`;
    runner.annotate({ severity, message });
  }
}

/** The findings at each position, by the kind of their annotation. */
function byKind(shared: readonly SharedFinding[]): readonly (readonly FindingGroup[])[] {
  const groups = byPosition(shared);
  return (['error', 'warning', 'notice'] as const).map(kind =>
    groups.filter(group => kindOf(group) === kind),
  );
}

function kindOf([first]: FindingGroup): Annotation['severity'] {
  return KINDS[first.finding.severity];
}

/** Findings that one annotation shows. */
type FindingGroup = readonly [SharedFinding, ...SharedFinding[]];

/** Those of one rule at one position: a line of a stencil makes objects for several destinations. */
function byPosition(shared: readonly SharedFinding[]): readonly FindingGroup[] {
  const groups = new Map<string, [SharedFinding, ...SharedFinding[]]>();
  for (const [index, entry] of shared.entries()) {
    const { severity, rule, place } = entry.finding;
    const { path, line, column } = place ?? { path: '', line: index, column: 0 };
    const key = JSON.stringify([severity, rule, path, line, column]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

function annotationOf(group: FindingGroup): Annotation {
  const [first, ...others] = group;
  const { rule, place } = first.finding;
  const more = others.length === 0 ? '' : ` (and ${others.length} more here)`;
  return {
    severity: kindOf(group),
    code: rule,
    message: `${findingLine(first)}${more}`,
    ...defined({ at: place }),
  };
}
