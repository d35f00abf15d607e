import { describeObject } from '@slipway/kubernetes';
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

/** Room for the names on the left, in pixels: of a letter, and at most. */
const LETTER = 8;
const MARGIN = 30;
const MAX_ROOM = 400;

export interface Happenings {
  readonly changes: readonly RolloutChange[];
  readonly checks: readonly CheckChange[];
  /** When deploy wrote the release. */
  readonly written?: { readonly from: Date; readonly to: Date } | undefined;
}

/**
 * A Mermaid diagram of what was in which state when: deploy, then what failed, then what took longest. Empty without a change.
 */
export function gantt({ changes, checks, written }: Happenings, finished: Date): string {
  const nameOf = namer(changes);
  const objects = Map.groupBy(changes, ({ object }) => nameOf(object));
  const looks = Map.groupBy(checks, ({ name }) => `check ${name}`);
  const all = [...objects, ...looks].map(([name, own]) => ({ name: plain(name), states: own.map(stateOf) }));
  // What was there all the time would only take the room.
  const lively = all.filter(({ states }) => states.some(({ style }) => style !== 'done'));
  const rows = (lively.length === 0 ? all : lively).toSorted(byInterest).slice(0, MAX_ROWS);
  if (rows.length === 0) return '';
  const deploy = written === undefined ? [] : ['  section deploy', writingBar(written)];
  const lines = rows.flatMap(({ name, states }) => [`  section ${name}`, ...bars(states, finished)]);
  const start = ['```mermaid', directive(rows.map(({ name }) => name)), 'gantt'];
  const first = Math.min(...rows.flatMap(({ states }) => states.map(({ at }) => at.getTime())));
  const span = finished.getTime() - Math.min(first, written?.from.getTime() ?? first);
  const axis = ['  dateFormat x', '  axisFormat %H:%M:%S', `  tickInterval ${tickInterval(span)}`];
  return [...start, ...axis, ...deploy, ...lines, '```', ''].join('\n');
}

/** Steps of the axis, in seconds: one that a clock has, and whole seconds, since the axis shows no parts of them. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** More labels than these would run into each other. */
const MAX_TICKS = 8;

/** https://mermaid.js.org/syntax/gantt.html#axis-ticks-v10-3-0 */
function tickInterval(milliseconds: number): string {
  const step = STEPS.find(seconds => milliseconds / 1000 / seconds <= MAX_TICKS) ?? 7200;
  if (step < 60) return `${step}second`;
  return step < 3600 ? `${step / 60}minute` : `${step / 3600}hour`;
}

/** Without the namespace where all objects have the same one. */
function namer(changes: readonly RolloutChange[]): (object: RolloutChange['object']) => string {
  const namespaces = new Set(changes.map(({ object }) => object.namespace));
  return object => (namespaces.size > 1 ? describeObject(object) : `${object.kind} ${object.name}`);
}

interface Row {
  readonly name: string;
  readonly states: readonly State[];
}

function byInterest(a: Row, b: Row): number {
  const failed = ({ states }: Row): number => Number(states.at(-1)?.style === 'crit');
  return failed(b) - failed(a) || lastAt(b.states) - lastAt(a.states);
}

/** Bars of one object in one line, and names that are not below them: https://mermaid.js.org/syntax/gantt.html#configuration */
function directive(names: readonly string[]): string {
  const longest = Math.max(...names.map(name => name.length));
  const leftPadding = Math.min(MAX_ROOM, longest * LETTER + MARGIN);
  return `%%{init: ${JSON.stringify({ gantt: { displayMode: 'compact', leftPadding } })}}%%`;
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
    // How long something has been good says nothing; how long it took does.
    const label = style === 'active' ? `${words} ${seconds(end.getTime() - at.getTime())}` : words;
    return bar(label, style, at, end);
  });
}

function writingBar({ from, to }: NonNullable<Happenings['written']>): string {
  return bar(`written in ${seconds(to.getTime() - from.getTime())}`, 'done', from, to);
}

function bar(label: string, style: string, from: Date, to: Date): string {
  return `  ${label} :${style}, ${from.getTime()}, ${Math.max(to.getTime(), from.getTime() + 1)}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}

/** Names may hold what means something to Mermaid or to Markdown. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9 ./-]/g, '_').slice(0, 80);
}
