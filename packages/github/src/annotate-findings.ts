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
    for (const annotation of shown) runner.annotate(annotation);
    const [first] = shown;
    if (first === undefined || shown.length === positions.length) continue;
    const message = `${positions.length - shown.length} more ${first.severity}s are ${rest}`;
    runner.annotate({ severity: first.severity, message });
  }
}

/** The annotations of each kind. */
function byKind(shared: readonly SharedFinding[]): readonly (readonly Annotation[])[] {
  const annotations = byPosition(shared).map(annotationOf);
  return (['error', 'warning', 'notice'] as const).map(kind =>
    annotations.filter(({ severity }) => severity === kind),
  );
}

/** Those of one rule at one position: a line of a stencil makes objects for several destinations. */
function byPosition(shared: readonly SharedFinding[]): readonly (readonly SharedFinding[])[] {
  const groups = new Map<string, SharedFinding[]>();
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

function annotationOf(group: readonly SharedFinding[]): Annotation {
  const [first, ...others] = group as [SharedFinding, ...SharedFinding[]];
  const { severity, rule, place } = first.finding;
  const more = others.length === 0 ? '' : ` (and ${others.length} more here)`;
  return {
    severity: KINDS[severity],
    code: rule,
    message: `${findingLine(first)}${more}`,
    ...defined({ at: place }),
  };
}
