import { defined, type Severity } from '@slipway/core';
import type { Annotation, Runner } from '@slipway/github';
import { findingLine, type SharedFinding } from '@slipway/report';

/** GitHub shows ten of a kind for a step, and the step's own failure is one of them. */
export const MAX_ANNOTATIONS = 9;

const kinds: Readonly<Record<Severity, Annotation['severity']>> = {
  error: 'error',
  'sign-off': 'warning',
  warning: 'warning',
  notice: 'notice',
};

/** Shows findings on their lines, in the order that they have, and says how many more there are. */
export function annotate(shared: readonly SharedFinding[], runner: Runner): void {
  const shown = new Map<Annotation['severity'], number>();
  for (const entry of shared) {
    const { severity: gravity, rule, place } = entry.finding;
    const severity = kinds[gravity];
    const count = (shown.get(severity) ?? 0) + 1;
    shown.set(severity, count);
    if (count > MAX_ANNOTATIONS) continue;
    runner.annotate({
      severity,
      code: rule,
      message: findingLine(entry),
      ...defined({ at: place }),
    });
  }
  for (const [severity, count] of shown)
    if (count > MAX_ANNOTATIONS)
      runner.logger.warning(
        `${count - MAX_ANNOTATIONS} more ${severity}s are in the summary and in report.json`,
      );
}
