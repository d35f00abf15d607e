import { parseDuration } from '../duration.ts';
import type { Problem } from '../errors.ts';
import type { Path } from '../json.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';
import type { Check, PrometheusCheck } from './checks.ts';
import { isAboutPods, isComparison, isPodsWord, queriesOf, WINDOW_WORD, wordsIn } from './comparison.ts';
import type { FormatErrorCode } from './validate.ts';

type Found = Problem<FormatErrorCode>;
type Wrong = readonly [field: string, message: string, remedy: string];

/**
 * What is wrong with checks that compare the two versions of a release in steps, besides their fields.
 * @param path of the checks within the document
 */
export function comparisonProblems(
  checks: readonly Check[],
  document: SourceDocument,
  path: Path,
): readonly Found[] {
  return checks.flatMap((check, index) => {
    const { prometheus } = check;
    if (prometheus === undefined) return [];
    const wrong = isComparison(check) ? wrongInComparison(prometheus) : wrongInBounds(prometheus);
    return wrong.map(([field, message, remedy]): Found => {
      const inner = [...path, index, 'prometheus', ...(field === '' ? [] : [field])];
      const at = document.positionOf(inner);
      return { code: 'format-invalid', at, message: `${quote(inner.join('.'))} ${message}`, remedy };
    });
  });
}

function wrongInBounds(check: PrometheusCheck): readonly Wrong[] {
  const compared = (['min-difference', 'samples'] as const).filter(field => check[field] !== undefined);
  return [
    ...(check.query === undefined ? [LACKS_QUERY] : []),
    ...compared.map(
      (field): Wrong => [field, 'is for a comparison', 'add higher-by or lower-by, or remove it'],
    ),
    ...(check.absent === 'inconclusive' && !isAboutPods({ name: '', prometheus: check })
      ? [['absent', 'may be inconclusive only in a comparison', 'write fail or pass'] as const]
      : []),
    ...windowIn(check, 'query'),
  ];
}

const LACKS_QUERY: Wrong = ['', 'lacks "query"', 'add it, or "bad" and "all"'];

function wrongInComparison(check: PrometheusCheck): readonly Wrong[] {
  const counts = check.bad !== undefined;
  return [
    ...(!counts && check.query === undefined ? [LACKS_QUERY] : []),
    ...(counts ? wrongInCounts(check) : windowIn(check, 'query')),
    ...withoutPods(check),
    ...(['max-increase', 'max-decrease'] as const)
      .filter(field => check[field] !== undefined)
      .map(
        (field): Wrong => [
          field,
          'compares with the time before the release, and the check already compares with the version beside it',
          'remove one of the two',
        ],
      ),
    ...(check.absent === 'pass'
      ? [['absent', 'must not be pass in a comparison', 'write inconclusive or fail'] as const]
      : []),
  ];
}

function wrongInCounts(check: PrometheusCheck): readonly Wrong[] {
  const ofValues = [
    'query',
    'higher-by',
    'lower-by',
    'min-difference',
    'samples',
    'every',
    'max',
    'min',
  ] as const;
  return [
    ...ofValues
      .filter(field => check[field] !== undefined)
      .map(
        (field): Wrong => [field, 'is for values, and "bad" and "all" count', 'make it a check of its own'],
      ),
    ...(['bad', 'all'] as const)
      .filter(field => check[field] !== undefined && !wordsIn(check[field]).includes(WINDOW_WORD))
      .map(
        (field): Wrong => [
          field,
          'lacks ${window}, so that it would not count what the step has seen',
          'write increase(…[${window}])',
        ],
      ),
  ];
}

/** A value over the whole window would be a single one. */
function windowIn(check: PrometheusCheck, field: 'query'): readonly Wrong[] {
  if (check[field] === undefined || !wordsIn(check[field]).includes(WINDOW_WORD)) return [];
  return [[field, 'contains ${window}, which is for "bad" and "all"', 'write a time such as [1m]']];
}

function withoutPods(check: PrometheusCheck): readonly Wrong[] {
  return (['query', 'bad', 'all'] as const)
    .filter(field => check[field] !== undefined && !wordsIn(check[field]).some(isPodsWord))
    .map(
      (field): Wrong => [
        field,
        'lacks ${pods}: it would compare the whole with itself',
        'select the pods, such as {pod=~"${pods}"}',
      ],
    );
}

/** What is allowed, and likely not meant: each value of a query over a longer time than there is between two shares data with others. */
export function comparisonWarnings(
  checks: readonly Check[],
  positionOf: (path: Path) => Problem['at'],
): readonly Found[] {
  return checks.flatMap((check, index) => {
    const { prometheus } = check;
    if (prometheus?.every === undefined || prometheus.bad !== undefined || !isComparison(check)) return [];
    const [every, range] = [parseDuration(prometheus.every) ?? 0, longestRange(prometheus)];
    if (range <= every) return [];
    const times = Math.ceil(range / every);
    return [
      {
        code: 'format-invalid',
        at: positionOf([index, 'prometheus', 'every']),
        message: `check ${quote(check.name)} looks every ${every / 1000} s at ${range / 1000} s, so that ${times} values overlap and count as one`,
        remedy: `set every to ${range / 1000}s`,
      },
    ];
  });
}

/** The longest time that a query looks back over from each moment, in milliseconds; 0 for none. */
export function longestRange(check: PrometheusCheck): number {
  const found = queriesOf(check).flatMap(query => [...withoutTexts(query).matchAll(RANGE)]);
  return Math.max(0, ...found.map(([, range = '']) => rangeIn(range)));
}

/** `[5m]` and the first time of `[1h:1m]`: https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations */
const RANGE = /\[\s*((?:\d+(?:ms|[smhdwy]))+)\s*(?::[^\]]*)?\]/g;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

function rangeIn(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
}

/** Texts in a query may contain brackets, as regular expressions do. */
function withoutTexts(query: string): string {
  return query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '""');
}
