import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Clock,
  formatDuration,
  type PrometheusCheck,
  parseDuration,
  type ValueCheck,
} from '@slipway/core';
import {
  type CheckOutcome,
  failedCheck,
  passed,
  type RunnableCheck,
} from '../../check-runs/runnable-check.ts';
import { count } from '../../text.ts';
import { type Bounds, short, violation } from './bounds.ts';
import { type AskPrometheus, averageOver, type PrometheusAnswer, queryAt, type Sample } from './client.ts';

const WINDOW = 5 * 60_000;
const EVERY = 15_000;
const TOLERATED = 2;
/**
 * The values of a series that an average is taken of: a fraction of the 11,000 points that Prometheus returns at most.
 * https://github.com/prometheus/prometheus/blob/v3.13.5/web/api/v1/api.go
 */
const MAX_POINTS = 2000;
/** The most lines of evidence. */
const MAX_LINES = 40;

export interface PrometheusContext {
  readonly ask: AskPrometheus;
  readonly clock: Clock;
  /** When the release began; values are compared with those from before. */
  readonly released: Date;
}

/** Asks for the values of a query again and again over its window, and fails as soon as too many in a row are out of bounds. */
export function prometheusCheck(name: string, check: ValueCheck, context: PrometheusContext): RunnableCheck {
  return {
    name,
    async run(settled, signal) {
      const before = await averagesBefore(check, context, signal);
      if ('message' in before) return failedCheck(before.message, before.remedy);
      return await new Observation({ check, before: before.found }, context).last(settled, signal);
    },
  };
}

interface Refusal {
  readonly message: string;
  readonly remedy: string;
}

const REFUSED_REMEDY = 'correct the query, or the token';

async function averagesBefore(
  check: ValueCheck,
  { ask, released }: PrometheusContext,
  signal: AbortSignal,
): Promise<{ readonly found: Bounds['before'] } | Refusal> {
  if (check['max-increase'] === undefined && check['max-decrease'] === undefined) return { found: new Map() };
  const { window, every } = timesOf(check);
  const start = new Date(released.getTime() - window);
  const times = { start, end: released, step: Math.max(every, Math.ceil(window / MAX_POINTS)) };
  for (let attempt = 0; ; attempt++) {
    const answer = await averageOver(ask, check.query, times, signal);
    if ('found' in answer)
      return { found: new Map(answer.found.map(({ series, value }) => [series, value])) };
    if ('refused' in answer) return { message: answer.refused, remedy: REFUSED_REMEDY };
    // Nothing to compare with may pass, but not where it was never read.
    if (attempt >= toleratedBy(check))
      return {
        message: `${answer.unanswered}, ${count(attempt + 1, 'time')} in a row when asked for values from before the release`,
        remedy: 'find out why Prometheus does not answer, or ask for a shorter window',
      };
    await sleep(every, undefined, { signal });
  }
}

function timesOf(check: PrometheusCheck): { readonly window: number; readonly every: number } {
  const every = parseDuration(check.every ?? '') ?? EVERY;
  return { window: parseDuration(check.window ?? '') ?? WINDOW, every: Math.max(1000, every) };
}

function toleratedBy({ tolerate = TOLERATED }: PrometheusCheck): number {
  return tolerate;
}

/** The key of the query as a whole, where no series has been seen. */
const NOTHING: Sample = { series: '', value: Number.NaN };

/** What has been seen of a query so far. */
class Observation {
  readonly #bounds: Bounds;
  readonly #context: PrometheusContext;
  readonly #series = new Set<string>();
  readonly #inARow = new Map<string, number>();
  readonly #lines: string[] = [];
  #looks = 0;

  constructor(bounds: Bounds, context: PrometheusContext) {
    this.#bounds = bounds;
    this.#context = context;
  }

  async last(settled: Date, signal: AbortSignal): Promise<CheckOutcome> {
    const { check } = this.#bounds;
    const { window, every } = timesOf(check);
    const now = (): number => this.#context.clock().getTime();
    // Where an answer takes longer than the time between two, the values in between are left out: the window must end.
    for (let next = settled.getTime() + every; ; next = Math.max(next + every, now())) {
      await sleep(Math.max(0, next - now()), undefined, { signal });
      const answer = await queryAt(this.#context.ask, check.query, new Date(next), signal);
      if ('refused' in answer) return this.#failed(answer.refused, REFUSED_REMEDY);
      const found = this.#note(answer, new Date(next));
      const worst = [...this.#inARow].toSorted(([, a], [, b]) => b - a)[0];
      if (worst !== undefined && worst[1] > toleratedBy(check)) return this.#outOfBounds(worst, found);
      // A series that is out of bounds when the window ends must recover or fail first.
      if (next - settled.getTime() >= window && worst === undefined)
        return passed(`${this.#summary()} within bounds for ${formatDuration(window)}`, this.#evidence());
    }
  }

  /** @returns why each series is out of bounds, by series */
  #note(answer: PrometheusAnswer<readonly Sample[]>, at: Date): ReadonlyMap<string, string> {
    this.#looks += 1;
    const samples = 'found' in answer ? answer.found : [];
    for (const { series } of samples) this.#series.add(series);
    const found = new Map(
      this.#judged(samples, answer).filter(([, why]) => why !== undefined) as [string, string][],
    );
    for (const series of [...this.#inARow.keys()]) if (!found.has(series)) this.#inARow.delete(series);
    for (const series of found.keys()) this.#inARow.set(series, (this.#inARow.get(series) ?? 0) + 1);
    const values = samples.map(({ series, value }) => `${series}${series === '' ? '' : ' '}${short(value)}`);
    const words = 'unanswered' in answer ? answer.unanswered : values.join(', ') || 'no value';
    this.#lines.push(`${at.toISOString().slice(11, 19)}  ${words}`);
    return found;
  }

  #judged(
    samples: readonly Sample[],
    answer: PrometheusAnswer<readonly Sample[]>,
  ): readonly (readonly [string, string | undefined])[] {
    if ('unanswered' in answer) return [...this.#known()].map(series => [series, answer.unanswered] as const);
    const seen = new Set(samples.map(({ series }) => series));
    const gone = [...this.#known()].filter(series => !seen.has(series));
    const absent = this.#bounds.check.absent === 'pass' ? undefined : 'has no value';
    return [
      ...samples.map(sample => [sample.series, violation(sample, this.#bounds)] as const),
      ...gone.map(series => [series, absent] as const),
    ];
  }

  /** The series that have been seen, or the key of the whole query. */
  #known(): ReadonlySet<string> {
    return this.#series.size === 0 ? new Set([NOTHING.series]) : this.#series;
  }

  #outOfBounds([series, times]: readonly [string, number], found: ReadonlyMap<string, string>): CheckOutcome {
    const why = found.get(series) ?? 'is out of bounds';
    const what = /^Prometheus /.test(why) ? why : `the query${series === '' ? '' : ` (${series})`} ${why}`;
    const remedy = /no value|no number|nothing before/.test(why)
      ? 'check that it is scraped, append "or vector(0)" to the query, or set absent: pass'
      : 'find out what the release changed';
    return this.#failed(`${what}, ${count(times, 'time')} in a row`, remedy);
  }

  #failed(message: string, remedy: string): CheckOutcome {
    return failedCheck(message, remedy, this.#evidence());
  }

  #summary(): string {
    return `${count(this.#looks, 'value')} of ${count(Math.max(1, this.#series.size), 'series').replace(/seriess$/, 'series')}`;
  }

  #evidence(): CheckOutcome['evidence'] {
    const { check, before } = this.#bounds;
    const averages = [...before].map(
      ([series, value]) => `${series}${series === '' ? '' : ' '}${short(value)}`,
    );
    const compared = averages.length === 0 ? [] : [`before the release, on average: ${averages.join(', ')}`];
    return [{ title: `PromQL: ${check.query}`, lines: [...compared, ...this.#lines.slice(-MAX_LINES)] }];
  }
}
