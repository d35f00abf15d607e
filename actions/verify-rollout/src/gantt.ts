import { describeObject } from '@slipway/core';
import type { RolloutChange } from '@slipway/rollout';

/** More would not be readable, and GitHub refuses large diagrams. */
const MAX_OBJECTS = 25;

/** How a diagram shows a status; Mermaid's own words. */
const STYLES: Readonly<Record<RolloutChange['status'], string>> = {
  ready: 'done',
  unknown: 'done',
  'already-failing': 'active',
  'in-progress': 'active',
  failed: 'crit',
};

/** A Mermaid diagram of which object was in which state when; those that took longest first. Empty without a change. */
export function gantt(changes: readonly RolloutChange[], finished: Date): string {
  const byObject = Map.groupBy(changes, ({ object }) => describeObject(object));
  const rows = [...byObject].toSorted(([, a], [, b]) => lastAt(b) - lastAt(a)).slice(0, MAX_OBJECTS);
  if (rows.length === 0) return '';
  const lines = rows.flatMap(([name, own]) => [`  section ${plain(name)}`, ...tasks(own, finished)]);
  return ['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %H:%M:%S', ...lines, '```', ''].join('\n');
}

function lastAt(changes: readonly RolloutChange[]): number {
  return changes.at(-1)?.at.getTime() ?? 0;
}

/** One bar for each run of equal statuses. */
function tasks(changes: readonly RolloutChange[], finished: Date): readonly string[] {
  const starts = changes.filter((change, index) => change.status !== changes[index - 1]?.status);
  return starts.map(({ status, at }, index) => {
    const end = starts[index + 1]?.at ?? finished;
    return `  ${status.replace('-', ' ')} :${STYLES[status]}, ${at.getTime()}, ${Math.max(end.getTime(), at.getTime() + 1)}`;
  });
}

/** Names may hold what means something to Mermaid or to Markdown. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9 ./-]/g, '_').slice(0, 80);
}
