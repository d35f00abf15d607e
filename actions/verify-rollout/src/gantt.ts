import { describeObject } from '@slipway/core';
import type { CheckChange, RolloutChange } from '@slipway/rollout';

/** More would not be readable, and GitHub refuses large diagrams. */
const MAX_ROWS = 25;
/** An object that goes back and forth has its newest states shown. */
const MAX_BARS = 8;

interface State {
  readonly at: Date;
  readonly words: string;
  /** Mermaid's own word for how a bar looks; plain for none. */
  readonly style: string;
}

const STYLES: Readonly<Record<RolloutChange['status'] | CheckChange['status'], string>> = {
  ready: 'done',
  passed: 'done',
  unknown: 'done',
  'already-failing': 'active',
  'in-progress': 'active',
  running: 'active',
  'not-finished': 'active',
  failed: 'crit',
};

/** A Mermaid diagram of what was in which state when; those that took longest first. Empty without a change. */
export function gantt(
  changes: readonly RolloutChange[],
  checks: readonly CheckChange[],
  finished: Date,
): string {
  const objects = Map.groupBy(changes, ({ object }) => describeObject(object));
  const looks = Map.groupBy(checks, ({ name }) => `check ${name}`);
  const rows = [...objects, ...looks].map(([name, own]) => [name, own.map(stateOf)] as const);
  const shown = rows.toSorted(([, a], [, b]) => lastAt(b) - lastAt(a)).slice(0, MAX_ROWS);
  if (shown.length === 0) return '';
  const lines = shown.flatMap(([name, states]) => [`  section ${plain(name)}`, ...bars(states, finished)]);
  return ['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %H:%M:%S', ...lines, '```', ''].join('\n');
}

function stateOf({ at, status }: RolloutChange | CheckChange): State {
  return { at, words: status.replace('-', ' '), style: STYLES[status] };
}

function lastAt(states: readonly State[]): number {
  return states.at(-1)?.at.getTime() ?? 0;
}

/** One bar for each run of equal states. */
function bars(states: readonly State[], finished: Date): readonly string[] {
  const starts = states.filter((state, index) => state.words !== states[index - 1]?.words).slice(-MAX_BARS);
  return starts.map(({ words, style, at }, index) => {
    const end = starts[index + 1]?.at ?? finished;
    const [from, to] = [at.getTime(), Math.max(end.getTime(), at.getTime() + 1)];
    return `  ${words} ${seconds(to - from)} :${style}, ${from}, ${to}`;
  });
}

/** A colon would end the words of a bar. */
function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}

/** Names may hold what means something to Mermaid or to Markdown. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9 ./-]/g, '_').slice(0, 80);
}
