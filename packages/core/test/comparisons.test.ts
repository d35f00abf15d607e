import { describe, expect, it } from '@jest/globals';
import {
  comparisonWarnings,
  isAboutPods,
  isComparison,
  type JsonObject,
  longestRange,
  parseChecks,
  parseFormation,
} from '@slipway/core';
import { thrownBy } from '@slipway/testkit/errors';
import { documentOf } from './document-of.ts';

const BAD = 'sum(increase(requests{pod=~"${pods}",code=~"5.."}[${window}]))';
const ALL = 'sum(increase(requests{pod=~"${pods}"}[${window}]))';
const P90 = 'histogram_quantile(0.9, sum by (le) (rate(seconds_bucket{pod=~"${pods.api}"}[1m])))';
const counts = { bad: BAD, all: ALL, 'worse-by': '1%' };

const check = (prometheus: JsonObject) => ({ name: 'errors', prometheus });

/** What is wrong with a check in a formation, as people read it. */
function told(prometheus: JsonObject): string {
  const document = documentOf(
    {
      apiVersion: 'slipway.dev/v1',
      kind: 'Formation',
      metadata: { name: 'production' },
      spec: { destinations: { eu: { namespace: 'shop' } }, verify: { checks: [check(prometheus)] } },
    },
    'formations/production.yaml',
  );
  const { problems } = thrownBy(() => parseFormation(document));
  return problems.map(({ at, message, remedy }) => `${at?.path}: ${message}; ${remedy}`).join('\n');
}

describe('a check that compares two versions', () => {
  it.each<[string, JsonObject]>([
    ['counts', counts],
    ['counts, with a least number of requests', { ...counts, 'min-requests': 500 }],
    ['values that may be higher', { query: P90, every: '1m', 'higher-by': '20%', samples: 10, max: 1.5 }],
    [
      'values that may be lower',
      { query: P90, 'lower-by': '5%', 'min-difference': 3, absent: 'inconclusive' },
    ],
  ])('takes %s', (_, prometheus) => {
    const checks = [check(prometheus)];
    expect(parseChecks(documentOf(checks, 'checks'))).toEqual(checks);
    expect(checks.map(isComparison)).toEqual([true]);
    expect(checks.map(isAboutPods)).toEqual([true]);
  });

  it('is not one of an HTTP endpoint', () => {
    expect(isComparison({ name: 'catalogue', http: { service: 'api' } })).toBe(false);
    const http = { service: 'api', compare: { requests: 200, 'slower-by': '50%' } };
    const parse = () => parseChecks(documentOf([{ name: 'catalogue', http }], 'checks'));
    expect(parse).toThrow(/unknown field "compare"/);
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'bad without all',
      { bad: BAD, 'worse-by': '1%' },
      /"spec.verify.checks.0.prometheus" has "bad" without "all"; add it/,
    ],
    ['bad without worse-by', { bad: BAD, all: ALL }, /has "bad" without "worse-by"/],
    ['all without bad', { all: ALL, max: 1 }, /has "all" without "bad"/],
    ['a bound without a query', { max: 1, min: 0 }, /lacks "query"; add it, or "bad" and "all"/],
    ['a comparison without a query', { 'higher-by': '20%', every: '1m' }, /lacks "query"/],
    [
      'a comparison of the whole with itself',
      { query: 'rate(seconds_sum[1m])', 'higher-by': '20%' },
      /prometheus.query" lacks \$\{pods\}: it would compare the whole with itself; select the pods/,
    ],
    [
      'counts of the whole',
      { ...counts, all: 'sum(increase(requests[${window}]))' },
      /prometheus.all" lacks \$\{pods\}/,
    ],
    [
      'counts over another time',
      { ...counts, bad: BAD.replace('${window}', '5m') },
      /prometheus.bad" lacks \$\{window\}/,
    ],
    [
      'values over the whole window',
      { query: `${P90} > bool ${ALL}`, 'higher-by': '20%' },
      /contains \$\{window\}/,
    ],
    [
      'more samples than there are',
      { query: P90, 'higher-by': '20%', samples: 2000 },
      /samples" is 2000, and must be at most 1000; write a whole number from 5 to 1000/,
    ],
    [
      'a difference of nothing',
      { query: P90, 'higher-by': '20%', 'min-difference': 0 },
      /min-difference" is 0, and must be more than 0; write a number above 0/,
    ],
    [
      'a request too few',
      { ...counts, 'min-requests': 0 },
      /min-requests" is 0, and must be at least 1; write a whole number of 1 or more/,
    ],
    [
      'three samples',
      { query: P90, 'higher-by': '20%', samples: 3 },
      /samples" is 3, and must be at least 5; write a whole number from 5 to 1000/,
    ],
    [
      'a margin that is not a percentage',
      { query: P90, 'higher-by': '0.2' },
      /higher-by" is "0.2"; expected: a percentage/,
    ],
    [
      'counts and values at once',
      { ...counts, 'higher-by': '20%' },
      /higher-by" is for values, and "bad" and "all" count/,
    ],
    [
      'two comparisons at once',
      { query: P90, 'higher-by': '20%', 'max-increase': '20%' },
      /max-increase" compares with the time before/,
    ],
    [
      'no value that passes',
      { query: P90, 'higher-by': '20%', absent: 'pass' },
      /absent" must not be pass in a comparison/,
    ],
    ['samples without a comparison', { query: 'up', max: 1, samples: 10 }, /samples" is for a comparison/],
    [
      'an inconclusive bound',
      { query: 'up', max: 1, absent: 'inconclusive' },
      /absent" may be inconclusive only in a comparison/,
    ],
  ])('refuses %s, with its file and a remedy', (_, prometheus, sentence) => {
    const text = told(prometheus);
    expect(text).toMatch(sentence);
    expect(text).toMatch(/^formations\/production.yaml#\/spec\/verify\/checks\/0/);
  });
});

describe('overlapping samples', () => {
  const every = (text: string, query = P90) =>
    comparisonWarnings([check({ query, 'higher-by': '20%', every: text })], path => ({
      path: path.join('/'),
      line: 1,
      column: 1,
    }));

  it('are warned of where values are asked for more often than they are new', () => {
    expect(every('15s', P90.replace('1m', '5m'))).toMatchObject([
      {
        at: { path: '0/prometheus/every' },
        message: 'check "errors" looks every 15 s at 300 s, so that 20 values overlap and count as one',
        remedy: 'set every to 300s',
      },
    ]);
    expect(every('1m')).toEqual([]);
  });

  it.each([
    ['rate(a[1m]) / rate(b[1h30m])', 5_400_000],
    ['max_over_time(rate(a[5m])[30m:1m])', 1_800_000],
    ['rate(a{path=~"/x[5d]",other=\'[1w]\'}[30s])', 30_000],
    ['rate(a{path="\\"[1d]"}[500ms])', 500],
    ['a / b', 0],
  ])('of %s reach back %d ms', (query, range) => {
    expect(longestRange({ query })).toBe(range);
  });
});
