import {
  type CountCheck,
  DEFAULT_SAMPLES,
  longestRange,
  type PrometheusCheck,
  parseDuration,
  type ValueCheck,
} from '@slipway/core';
import {
  type Both,
  brokenBound,
  type Counts,
  type Judged,
  judgeCounts,
  judgeValues,
  type Pair,
  type Seen,
} from '@slipway/judging';
import {
  type PrometheusAnswer,
  queryAt,
  type Sample,
  type Series,
  seriesOver,
} from '../checks/prometheus/client.ts';
import { askBoth, type SideContext, unequalScrapes } from './ask-sides.ts';
import { type Moments, momentsOf } from './moments.ts';
import type { CheckJudgement, JudgedPoint } from './step-judgement.ts';
import { unitOf } from './unit.ts';

const MIN_REQUESTS = 200;

/** Counts of bad requests: two numbers of each version, over the whole window. */
export async function judgeCountCheck(
  name: string,
  check: CountCheck,
  context: SideContext,
): Promise<CheckJudgement> {
  const at = (query: string) => queryAt(context.ask, query, context.window.to, context.signal);
  const [bad, all, unequal] = await Promise.all([
    askBoth(check.bad, context, at),
    askBoth(check.all, context, at),
    unequalScrapes(check.all, context),
  ]);
  const counts = (side: keyof Both<unknown>) => countsOf(bad[side], all[side], isSubset(check));
  const both = { stable: counts('stable'), next: counts('next') };
  const terms = {
    worseBy: fraction(check['worse-by']),
    minRequests: check['min-requests'] ?? MIN_REQUESTS,
  };
  const known = { stable: foundIn(both.stable), next: foundIn(both.next) };
  return {
    name,
    kind: 'counts',
    ...withAbsent(check, refused(unequal) ?? judgeCounts(both, terms)),
    counts: known,
  };
}

/** Where no request was bad, Prometheus has no series of bad ones: that is 0 if it has one of all requests by the same metric. */
function countsOf(bad: Seen<readonly Sample[]>, all: Seen<readonly Sample[]>, isPart: boolean): Seen<Counts> {
  const total = oneValue(all, '`all`');
  if ('missing' in total) return total;
  const none = isPart && 'found' in bad && bad.found.length === 0;
  const part = none ? { found: 0 } : oneValue(bad, '`bad`');
  return 'missing' in part ? part : { found: { bad: part.found, all: total.found } };
}

/** Whether all metrics of `bad` are ones of `all`, so that `bad` counts some of the same. */
function isSubset({ bad, all }: CountCheck): boolean {
  const ofAll = new Set(metricsIn(all));
  return metricsIn(bad).every(metric => ofAll.has(metric));
}

function metricsIn(query: string): readonly string[] {
  return [...query.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{/g)].map(([, metric = '']) => metric);
}

function oneValue(seen: Seen<readonly Sample[]>, what: string): Seen<number> {
  if ('missing' in seen) return seen;
  const [first, ...others] = seen.found;
  if (first === undefined) return { missing: `Prometheus has no value of ${what}` };
  return others.length === 0 ? { found: first.value } : { missing: `${what} ${severalSeries(seen.found)}` };
}

function severalSeries({ length }: { readonly length: number }): string {
  return `has ${length} series, and a comparison needs one: aggregate them, such as by sum(…)`;
}

/** Values over the window: compared where the check has a margin, and those of next within its bounds. */
export async function judgeValueCheck(
  name: string,
  check: ValueCheck,
  context: SideContext,
): Promise<CheckJudgement> {
  const moments = momentsOf(context.window, parseDuration(check.every ?? ''), longestRange(check));
  const over = async (query: string): Promise<PrometheusAnswer<readonly Series[]>> =>
    seriesOver(context.ask, query, moments, context.signal);
  const [seen, unequal] = await Promise.all([
    askBoth(check.query, context, over),
    unequalScrapes(check.query, context),
  ]);
  const unit = unitOf(check.query);
  const isCompared = check['higher-by'] !== undefined || check['lower-by'] !== undefined;
  const missing = (isCompared ? (['stable', 'next'] as const) : (['next'] as const)).flatMap(side =>
    missingIn(seen[side], side),
  );
  const points = pointsOf(seen, moments);
  const judged =
    missing.length > 0
      ? inconclusive(missing.join('; '))
      : isCompared
        ? (refused(unequal) ?? compare(points, check, moments, unit))
        : withinBounds(points, check, unit);
  return { name, kind: isCompared ? 'values' : 'bounds', ...withAbsent(check, judged), points, unit };
}

function missingIn(seen: Seen<readonly Series[]>, side: string): readonly string[] {
  if ('missing' in seen) return [`${side}: ${seen.missing}`];
  return seen.found.length > 1 ? [`${side}: the query ${severalSeries(seen.found)}`] : [];
}

function pointsOf(seen: Both<Seen<readonly Series[]>>, { times }: Moments): readonly JudgedPoint[] {
  const valueAt = (side: keyof Both<unknown>, at: number): number | null => {
    const found = seen[side];
    const value =
      'found' in found && found.found.length === 1 ? found.found[0]?.values.get(at / 1000) : undefined;
    return value === undefined || !Number.isFinite(value) ? null : value;
  };
  return times.map(at => ({ at: new Date(at), stable: valueAt('stable', at), next: valueAt('next', at) }));
}

function compare(
  points: readonly JudgedPoint[],
  check: ValueCheck,
  { stride }: Moments,
  unit: string,
): Judged {
  const pairs = points.map(
    ({ stable, next }): Pair => ({ stable: stable ?? Number.NaN, next: next ?? Number.NaN }),
  );
  const judged = judgeValues(
    // From the end, so that the newest value is always one of those that count.
    pairs.filter((_, index) => (points.length - 1 - index) % stride === 0),
    {
      higherBy: check['higher-by'] === undefined ? undefined : fraction(check['higher-by']),
      lowerBy: check['lower-by'] === undefined ? undefined : fraction(check['lower-by']),
      minDifference: check['min-difference'],
      samples: check.samples ?? DEFAULT_SAMPLES,
      ...{ max: check.max, min: check.min, tolerate: check.tolerate, unit },
    },
    pairs.map(({ next }) => next),
  );
  return stride === 1
    ? judged
    : { ...judged, message: `${judged.message}; of ${stride} values that overlap one counts` };
}

function withinBounds(points: readonly JudgedPoint[], check: ValueCheck, unit: string): Judged {
  const values = points.map(({ next }) => next ?? Number.NaN);
  const known = values.filter(value => !Number.isNaN(value)).length;
  const broken = brokenBound(values, check, unit);
  if (broken !== undefined)
    return { verdict: 'failed', message: `${areAlike(points, check) ? ALIKE : ''}${broken}` };
  if (known === 0 && check.absent !== 'pass') return inconclusive('next has no value');
  return { verdict: 'passed', message: `next is within bounds at ${known} of ${values.length} moments` };
}

const ALIKE = 'next and stable are alike, but ';

/** Whether stable is beyond the same bounds, so that the new version is likely not the cause. */
function areAlike(points: readonly JudgedPoint[], check: ValueCheck): boolean {
  const values = points.map(({ stable }) => stable ?? Number.NaN);
  return brokenBound(values, check) !== undefined;
}

function refused(why: string | undefined): Judged | undefined {
  return why === undefined ? undefined : inconclusive(why);
}

function inconclusive(message: string): Judged {
  return { verdict: 'inconclusive', message };
}

function withAbsent({ absent }: PrometheusCheck, judged: Judged): Judged {
  return judged.verdict === 'inconclusive' && absent === 'fail' ? { ...judged, verdict: 'failed' } : judged;
}

function foundIn<Found>(seen: Seen<Found>): Found | null {
  return 'found' in seen ? seen.found : null;
}

export function fraction(percentage: string): number {
  return Number.parseFloat(percentage) / 100;
}
