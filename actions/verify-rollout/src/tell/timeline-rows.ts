import { formatDuration } from '@slipway/core';
import { describeObject, objectKey } from '@slipway/kubernetes';
import type { CheckChange, RolloutChange } from '@slipway/rollout';
import type { JobRun } from '../what/job-runs.ts';

/** More would not be readable, and GitHub refuses large diagrams. */
const MAX_ROWS = 25;
/** Jobs of deploy, such as migrations, that have a row. */
const MAX_JOBS = 8;
/** An object that goes back and forth has its newest states shown. */
const MAX_BARS = 8;
/** What ended longer ago than this, in milliseconds, when watching began would leave no room for what was watched. */
const MAX_GAP = 3_600_000;

export interface Happenings {
  readonly changes: readonly RolloutChange[];
  readonly checks: readonly CheckChange[];
  /** When deploy wrote the release, or stopped writing it. */
  readonly written?: Writing | undefined;
  /** When the Jobs ran that deploy wrote. */
  readonly jobs?: readonly JobRun[] | undefined;
}

export interface Writing {
  readonly from: Date;
  readonly to: Date;
  readonly status: 'written' | 'stopped';
}

export interface Row {
  readonly name: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  /** Mermaid's own word for how it looks. */
  readonly style: string;
  readonly from: Date;
  readonly to: Date;
}

const STYLES: Readonly<Record<RolloutChange['status'] | CheckChange['status'] | JobRun['status'], string>> = {
  ready: 'done',
  passed: 'done',
  completed: 'done',
  unknown: 'done',
  'already-failing': 'active',
  'in-progress': 'active',
  running: 'active',
  'not-finished': 'active',
  'not-judged': 'active',
  failed: 'crit',
};

/** What deploy did, in its order: first the release as a whole, then the Jobs that have ended. */
export function deployedRows(happenings: Happenings): readonly Row[] {
  const { written } = happenings;
  if (written === undefined || isLongAgo(happenings)) return [];
  return [
    { name: 'deploy', bars: [writingBar(written)] },
    ...endedJobs(happenings).map(run => jobRow(run, written)),
  ];
}

/** The objects and checks that were not good all the time: first what failed, then what took longest. Others would only take room. */
export function watchedRows(happenings: Happenings, finished: Date): readonly Row[] {
  const { changes, checks } = happenings;
  const nameOf = namer(changes);
  const ended = new Set(endedJobs(happenings).map(({ job }) => objectKey(job)));
  const watched = changes.filter(({ object }) => !ended.has(objectKey(object)));
  const objects = Map.groupBy(watched, ({ object }) => nameOf(object));
  const looks = Map.groupBy(checks, ({ name }) => `check ${name}`);
  const all = [...objects, ...looks].map(([name, own]) => ({ name: plain(name), states: own.map(stateOf) }));
  const lively = all.filter(({ states }) => states.some(({ style }) => style !== 'done'));
  return lively
    .toSorted(byInterest)
    .slice(0, MAX_ROWS)
    .map(({ name, states }) => ({ name, bars: barsOf(states, finished) }));
}

/** The Jobs with a row beside that of deploy, in the order in which they began. One that still runs is among what is watched. */
function endedJobs(happenings: Happenings): readonly JobRun[] {
  const { written, jobs = [] } = happenings;
  if (written === undefined || isLongAgo(happenings)) return [];
  return jobs
    .filter(({ to }) => to !== undefined && to >= written.from)
    .toSorted((a, b) => a.from.getTime() - b.from.getTime())
    .slice(0, MAX_JOBS);
}

/** Whether a release is verified long after it was written, as when only that job is run again. */
function isLongAgo({ written, changes, checks }: Happenings): boolean {
  const first = Math.min(...[...changes, ...checks].map(({ at }) => at.getTime()));
  return written !== undefined && first - written.to.getTime() > MAX_GAP;
}

function writingBar({ from, to, status }: Writing): Bar {
  const isWritten = status === 'written';
  const label = `${isWritten ? 'written in' : 'stopped after'} ${between(from, to)}`;
  return { label, style: isWritten ? 'done' : 'crit', from, to };
}

/** Kubernetes leaves parts of a second out, so that a Job seems to begin before deploy did. */
function jobRow({ job, from, to = from, status }: JobRun, written: Writing): Row {
  const start = from < written.from ? written.from : from;
  const label = `${status} in ${between(from, to)}`;
  const name = plain(`Job ${job.given ?? job.name}`);
  return { name, bars: [{ label, style: STYLES[status], from: start, to }] };
}

/** Without the namespace where all objects have the same one. */
function namer(changes: readonly RolloutChange[]): (object: RolloutChange['object']) => string {
  const namespaces = new Set(changes.map(({ object }) => object.namespace));
  return object => (namespaces.size > 1 ? describeObject(object) : `${object.kind} ${object.name}`);
}

interface State extends Pick<Bar, 'style'> {
  readonly at: Date;
  readonly words: string;
}

function stateOf({ at, status }: RolloutChange | CheckChange): State {
  return { at, words: status.replace('-', ' '), style: STYLES[status] };
}

interface Watched {
  readonly states: readonly State[];
}

function byInterest(a: Watched, b: Watched): number {
  const failed = ({ states }: Watched): number => Number(states.at(-1)?.style === 'crit');
  const lastAt = ({ states }: Watched): number => states.at(-1)?.at.getTime() ?? 0;
  return failed(b) - failed(a) || lastAt(b) - lastAt(a);
}

/** One bar for each run of equal states. */
function barsOf(states: readonly State[], finished: Date): readonly Bar[] {
  const starts = states.filter((state, index) => state.words !== states[index - 1]?.words).slice(-MAX_BARS);
  return starts.map(({ words, style, at }, index) => {
    const to = starts[index + 1]?.at ?? finished;
    // How long something has been good says nothing; how long it took does.
    return { label: style === 'active' ? `${words} ${between(at, to)}` : words, style, from: at, to };
  });
}

function between(from: Date, to: Date): string {
  return formatDuration(Math.max(0, to.getTime() - from.getTime()));
}

/** Names may hold what means something to Mermaid or to Markdown. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9 ./-]/g, '_').slice(0, 80);
}
