import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '@slipway/core';
import { oneLine } from '../../text.ts';

/** Asks Prometheus for a path of its API, such as `/api/v1/query?…`; any status is an answer. */
export type AskPrometheus = (
  path: string,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly text: string }>;

/** One series of an answer, by its labels as Prometheus writes them. */
export interface Sample {
  readonly series: string;
  /** NaN for a value that is not a number. */
  readonly value: number;
}

/** `refused`: the query or the token is at fault. `unanswered`: another attempt may succeed. */
export type PrometheusAnswer<Found> =
  | { readonly found: Found }
  | { readonly refused: string }
  | { readonly unanswered: string };

const ANSWER_TIMEOUT = 10_000;
/** The most series of an answer; a query for more should aggregate them. */
const MAX_SERIES = 100;

/** The values of a query at one moment. */
export async function queryAt(
  ask: AskPrometheus,
  query: string,
  at: Date,
  signal: AbortSignal,
): Promise<PrometheusAnswer<readonly Sample[]>> {
  const path = `/api/v1/query?${new URLSearchParams({ query, time: seconds(at) })}`;
  return samplesIn(await answerTo(ask, path, signal), entry => numberIn(entry['value']));
}

/** The average of each series of a query over a period. */
export async function averageOver(
  ask: AskPrometheus,
  query: string,
  { start, end, step }: { readonly start: Date; readonly end: Date; readonly step: number },
  signal: AbortSignal,
): Promise<PrometheusAnswer<readonly Sample[]>> {
  const times = { start: seconds(start), end: seconds(end), step: String(step / 1000) };
  const path = `/api/v1/query_range?${new URLSearchParams({ query, ...times })}`;
  return samplesIn(await answerTo(ask, path, signal), entry => averageIn(entry['values']));
}

/** One series of an answer over a period. */
export interface Series {
  readonly series: string;
  /** By the time in seconds, as it was asked for; a moment without a value is left out. */
  readonly values: ReadonlyMap<number, number>;
}

/** The values of a query at all moments of a period. */
export async function seriesOver(
  ask: AskPrometheus,
  query: string,
  { start, end, step }: { readonly start: Date; readonly end: Date; readonly step: number },
  signal: AbortSignal,
): Promise<PrometheusAnswer<readonly Series[]>> {
  const times = { start: seconds(start), end: seconds(end), step: String(step / 1000) };
  const path = `/api/v1/query_range?${new URLSearchParams({ query, ...times })}`;
  return entriesIn(await answerTo(ask, path, signal), (entry, series) => ({
    series,
    values: new Map((entry['values'] as readonly JsonValue[] | undefined)?.map(timeAndValue)),
  }));
}

function timeAndValue(pair: JsonValue): readonly [time: number, value: number] {
  return [Number(Array.isArray(pair) ? pair[0] : Number.NaN), numberIn(pair)];
}

function seconds(at: Date): string {
  return (at.getTime() / 1000).toFixed(3);
}

async function answerTo(
  ask: AskPrometheus,
  path: string,
  signal: AbortSignal,
): Promise<PrometheusAnswer<JsonObject>> {
  let answer: Awaited<ReturnType<AskPrometheus>>;
  try {
    answer = await ask(path, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT)]));
  } catch (error) {
    signal.throwIfAborted();
    return { unanswered: `Prometheus does not answer (${reasonOf(error)})` };
  }
  const body = jsonOf(answer.text);
  const isSuccess = answer.status === 200 && body?.['status'] === 'success';
  if (isSuccess && isJsonObject(body['data'])) return { found: body['data'] };
  const said =
    typeof body?.['error'] === 'string'
      ? `: ${oneLine(body['error'])}`
      : answer.status === 200
        ? ' with something other than the result of a query'
        : '';
  const words = `Prometheus answered ${answer.status}${said}`;
  // 503 means that the query took too long; a second attempt does not change a 4xx.
  return answer.status >= 400 && answer.status < 500 && answer.status !== 429
    ? { refused: words }
    : { unanswered: words };
}

/** The message of an error from `fetch` says little; its cause has the reason. */
function reasonOf(error: unknown): string {
  const { cause, name, message } = error as Error;
  if (name === 'TimeoutError') return `within ${ANSWER_TIMEOUT / 1000} s`;
  return oneLine(cause instanceof Error && cause.message !== '' ? cause.message : message, 200);
}

function jsonOf(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function samplesIn(
  answer: PrometheusAnswer<JsonObject>,
  numberOf: (entry: JsonObject) => number,
): PrometheusAnswer<readonly Sample[]> {
  if ('found' in answer && answer.found['resultType'] === 'scalar') {
    const { result } = answer.found;
    return isSample(result) ? { found: [{ series: '', value: numberIn(result) }] } : NOT_A_RESULT;
  }
  return entriesIn(answer, (entry, series) => ({ series, value: numberOf(entry) }));
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
function entriesIn<Found>(
  answer: PrometheusAnswer<JsonObject>,
  read: (entry: JsonObject, series: string) => Found,
): PrometheusAnswer<readonly Found[]> {
  if (!('found' in answer)) return answer;
  const { result, resultType } = answer.found;
  if (resultType !== 'vector' && resultType !== 'matrix')
    return { refused: 'the query returns text, not a number' };
  // Something else than an answer must not count as no value, which may pass.
  if (!Array.isArray(result) || !result.every(isJsonObject)) return NOT_A_RESULT;
  const entries: readonly JsonObject[] = result;
  if (entries.some(entry => entry['histogram'] !== undefined || entry['histograms'] !== undefined))
    return { refused: 'the query returns histograms, not numbers' };
  if (!entries.every(hasNumbers)) return NOT_A_RESULT;
  if (entries.length > MAX_SERIES)
    return {
      refused: `the query returns ${entries.length} series, more than the ${MAX_SERIES} that are allowed`,
    };
  return { found: entries.map(entry => read(entry, labelsOf(entry['metric']))) };
}

const NOT_A_RESULT = {
  unanswered: 'Prometheus answered 200 with something other than the result of a query',
};

function hasNumbers({ value, values }: JsonObject): boolean {
  return value === undefined ? Array.isArray(values) && values.every(isSample) : isSample(value);
}

/** `[<time>, "<value>"]`, with a number as Go writes it. */
function isSample(pair: JsonValue | undefined): boolean {
  const text = Array.isArray(pair) ? pair[1] : undefined;
  return typeof text === 'string' && /^(?:NaN|[+-]?Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.test(text);
}

function numberIn(pair: JsonValue | undefined): number {
  const text = Array.isArray(pair) ? pair[1] : undefined;
  return typeof text === 'string' ? Number(text.replace('Inf', 'Infinity')) : Number.NaN;
}

function averageIn(pairs: JsonValue | undefined): number {
  const values = (Array.isArray(pairs) ? pairs : []).map(numberIn).filter(value => !Number.isNaN(value));
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function labelsOf(metric: JsonValue | undefined): string {
  const labels = isJsonObject(metric) ? Object.entries(metric) : [];
  const text = labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).toSorted();
  return text.length === 0 ? '' : oneLine(`{${text.join(', ')}}`, 300);
}
