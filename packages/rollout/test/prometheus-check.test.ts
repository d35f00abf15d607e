import { describe, expect, it } from '@jest/globals';
import type { PrometheusCheck } from '@slipway/core';
import { askPrometheus } from '../src/checks/prometheus/ask.ts';
import type { AskPrometheus } from '../src/checks/prometheus/client.ts';
import { prometheusCheck } from '../src/checks/prometheus/prometheus-check.ts';

const START = Date.parse('2026-11-21T10:00:00Z');

type Answer =
  | readonly (readonly [labels: string, value: string])[]
  | { status: number; error: string }
  | { status: 200; text: string }
  | 'away';

/** A Prometheus that gives one answer after the other, the last one again and again; time passes while it is waited for. */
function played(answers: readonly Answer[], before: readonly (readonly [string, string])[] = []) {
  const asked: string[] = [];
  const ask: AskPrometheus = async path => {
    asked.push(path);
    if (path.startsWith('/api/v1/query_range')) return matrix(before);
    const answer =
      answers[Math.min(asked.filter(one => one.includes('/query?')).length, answers.length) - 1] ?? [];
    if (answer === 'away') throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    if ('text' in answer) return answer;
    if ('status' in answer)
      return { status: answer.status, text: JSON.stringify({ status: 'error', error: answer.error }) };
    const result = answer.map(([labels, value]) => ({ metric: metric(labels), value: [0, value] }));
    return success({ resultType: 'vector', result });
  };
  return { ask, asked };
}

const metric = (labels: string) => (labels === '' ? {} : { pod: labels });
const success = (data: object) => ({ status: 200, text: JSON.stringify({ status: 'success', data }) });
const matrix = (series: readonly (readonly [string, string])[]) =>
  success({
    resultType: 'matrix',
    result: series.map(([labels, value]) => ({
      metric: metric(labels),
      values: [
        [0, value],
        [1, value],
        [2, 'NaN'],
      ],
    })),
  });

/** The result of the check; the time for the next value has always come, so that nothing is waited for. */
function outcome(
  check: Omit<PrometheusCheck, 'query'>,
  { ask, asked }: ReturnType<typeof played>,
  seconds = 15,
) {
  const queries = (): number => asked.filter(one => one.includes('/query?')).length;
  const clock = () => new Date(START + (queries() + 1) * seconds * 1000);
  const context = { ask, clock, released: new Date(START - 60_000) };
  const whole = { query: 'errors', window: '60s', every: '15s', ...check };
  return prometheusCheck('errors', whole, context).run(new Date(START), new AbortController().signal);
}

const one = (value: string): Answer => [['', value]];

describe('a query of Prometheus', () => {
  it.each<[string, Omit<PrometheusCheck, 'query'>, readonly Answer[], RegExp]>([
    ['below its maximum', { max: 0.5 }, [one('0.1')], /^4 values of 1 series within bounds for 1 min 0 s$/],
    ['above its minimum', { min: 10 }, [one('12')], /within bounds/],
    ['out of bounds for a moment', { max: 0.5 }, [one('0.9'), one('0.9'), one('0.1')], /within bounds/],
    ['without a value where that passes', { max: 0.5, absent: 'pass' }, [[]], /within bounds/],
    ['that is away for a moment', { max: 0.5 }, ['away', one('0.1')], /within bounds/],
    ['of an infinite value where that is a lot', { min: 1 }, [one('+Inf')], /within bounds/],
  ])('passes %s', async (_, check, answers, message) => {
    expect(await outcome(check, played(answers))).toMatchObject({
      status: 'passed',
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, Omit<PrometheusCheck, 'query'>, readonly Answer[], RegExp]>([
    ['above its maximum', { max: 0.5 }, [one('0.9')], /^the query is 0.9, more than 0.5, 3 times in a row$/],
    ['below its minimum', { min: 10 }, [one('3')], /^the query is 3, less than 10, 3 times in a row$/],
    ['at once where nothing is tolerated', { max: 0.5, tolerate: 0 }, [one('0.9')], /1 time in a row$/],
    [
      'out of bounds at the end',
      { max: 0.5 },
      [one('0'), one('0'), one('0'), one('9')],
      /more than 0.5, 3 times/,
    ],
    ['without a value', { max: 0.5 }, [[]], /^the query has no value, 3 times in a row$/],
    ['that is NaN', { max: 0.5 }, [one('NaN')], /^the query is not a number \(NaN\)/],
    [
      'of which a series is gone',
      { max: 1 },
      [
        [
          ['a', '0'],
          ['b', '0'],
        ],
        [['a', '0']],
      ],
      /\{pod="b"\}\) has no value/,
    ],
    [
      'of which one series is bad',
      { max: 1 },
      [
        [
          ['a', '0'],
          ['b', '2'],
        ],
      ],
      /^the query \(\{pod="b"\}\) is 2, more than 1/,
    ],
    [
      'that is refused',
      { max: 1 },
      [{ status: 400, error: 'parse error' }],
      /^Prometheus answered 400: parse error$/,
    ],
    ['that may not be asked', { max: 1 }, [{ status: 403, error: 'no' }], /^Prometheus answered 403: no$/],
    [
      'that is away',
      { max: 1 },
      ['away'],
      /^Prometheus does not answer \(connect ECONNREFUSED\), 3 times in a row$/,
    ],
    ['that is sent elsewhere', { max: 1 }, [{ status: 302, error: '' }], /^Prometheus answered 302/],
    [
      'of too many series',
      { max: 1 },
      [Array.from({ length: 101 }, (_, index) => [`p${index}`, '0'] as const)],
      /101 series/,
    ],
  ])('fails %s', async (_, check, answers, message) => {
    expect(await outcome(check, played(answers))).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['1m', '15s', 15],
    ['4h', '1s', 7.2],
    ['24h', '1m', 60],
  ])(
    'asks for the time before a window of %s, every %s, in steps that Prometheus answers',
    async (window, every, step) => {
      const prometheus = played([{ status: 400, error: 'parse error' }], [['', '1']]);
      await outcome({ 'max-increase': '20%', window, every }, prometheus, 60);
      const asked = new URLSearchParams(prometheus.asked[0]?.split('?')[1]);
      expect(Number(asked.get('step'))).toBe(step);
    },
  );

  it.each<[string, Omit<PrometheusCheck, 'query'>, string, string | undefined, string, RegExp]>([
    ['a little more than before', { 'max-increase': '20%' }, '1.1', '1', 'passed', /within bounds/],
    [
      'much more than before',
      { 'max-increase': '20%' },
      '1.3',
      '1',
      'failed',
      /is 1.3, more than 20% above the 1 before the release/,
    ],
    [
      'much less than before',
      { 'max-decrease': '50%' },
      '4',
      '10',
      'failed',
      /is 4, more than 50% below the 10 before/,
    ],
    [
      'nothing to compare with',
      { 'max-increase': '20%' },
      '1',
      undefined,
      'failed',
      /no value from before the release to compare it with/,
    ],
    [
      'nothing to compare with where that passes',
      { 'max-increase': '20%', absent: 'pass' },
      '1',
      undefined,
      'passed',
      /within/,
    ],
  ])('is compared with the time before the release: %s', async (_, check, now, before, status, message) => {
    const prometheus = played([one(now)], before === undefined ? [] : [['', before]]);
    expect(await outcome(check, prometheus)).toMatchObject({
      status,
      message: expect.stringMatching(message),
    });
    expect(prometheus.asked[0]).toMatch(
      /query_range\?query=errors&start=1763719080.000|start=\d+\.000&end=\d+\.000&step=15$/,
    );
  });

  const junk: readonly (readonly [string, string])[] = [
    ['the page of a login', '<html>Sign in</html>'],
    ['nothing', ''],
    [
      'an error that is called one',
      JSON.stringify({ status: 'error', data: { resultType: 'vector', result: [] } }),
    ],
    ['an answer without a result', JSON.stringify({ status: 'success', data: { resultType: 'vector' } })],
    [
      'a result that is not a list',
      JSON.stringify({ status: 'success', data: { resultType: 'vector', result: 'ok' } }),
    ],
    [
      'a result without numbers',
      JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [null] } }),
    ],
    [
      'an empty number',
      JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ value: [0, ''] }] } }),
    ],
    [
      'a number that is not text',
      JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ value: [0, 0] }] } }),
    ],
    [
      'a scalar that is not one',
      JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [] } }),
    ],
  ];

  it.each(junk)('does not take for no value, which may pass: %s', async (_what, text) => {
    const prometheus = played([{ status: 200, text }]);
    expect(await outcome({ max: 1, absent: 'pass' }, prometheus)).toMatchObject({
      status: 'failed',
      message: 'Prometheus answered 200 with something other than the result of a query, 3 times in a row',
    });
  });

  it('does not compare with a time before the release that it could not read, whatever may be absent', async () => {
    const { ask, asked } = played([one('9')]);
    const away: AskPrometheus = async (path, signal) =>
      path.startsWith('/api/v1/query_range') ? { status: 503, text: '' } : await ask(path, signal);
    const check = { 'max-increase': '20%', absent: 'pass' as const, every: '1s', tolerate: 1 };
    expect(await outcome(check, { ask: away, asked })).toMatchObject({
      status: 'failed',
      message: 'Prometheus answered 503, 2 times in a row when asked for values from before the release',
    });
  });

  it('does not take histograms for numbers', async () => {
    const result = [{ metric: {}, histogram: [0, { count: '1', sum: '1' }] }];
    const text = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
    expect(await outcome({ max: 1, absent: 'pass' }, played([{ status: 200, text }]))).toMatchObject({
      status: 'failed',
      message: 'the query returns histograms, not numbers',
    });
  });

  it('ends with its window, however slow the answers are', async () => {
    const prometheus = played([one('0')]);
    expect(await outcome({ max: 1, every: '1s' }, prometheus, 9)).toMatchObject({ status: 'passed' });
    expect(prometheus.asked).toHaveLength(7);
  });

  it('shows its values', async () => {
    const { evidence } = await outcome({ max: 1 }, played([one('0.25')]));
    expect(evidence).toEqual([
      {
        title: 'PromQL: errors',
        lines: ['10:00:15  0.25', '10:00:30  0.25', '10:00:45  0.25', '10:01:00  0.25'],
      },
    ]);
  });

  it('ends with the run', async () => {
    const { ask } = played([one('0')]);
    const context = { ask, clock: () => new Date(START), released: new Date(START) };
    const check = prometheusCheck('errors', { query: 'errors', max: 1 }, context);
    await expect(check.run(new Date(START), AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});

describe('the address of Prometheus', () => {
  it.each(['prometheus:9090', 'file:///etc/passwd', 'service:monitoring', ''])('is refused: %s', address => {
    const client = { askService: () => Promise.reject(new Error('it must not be asked')) };
    expect(() => askPrometheus({ address, token: '' }, client)).toThrow(
      /input "prometheus" is not an address/,
    );
  });

  it('may be a Service that only the cluster reaches', async () => {
    const asked: object[] = [];
    const client = {
      askService: async (request: object) => {
        asked.push(request);
        return { status: 200, text: '' };
      },
    };
    const ask = askPrometheus({ address: 'service:monitoring/prometheus:web/base/', token: '' }, client);
    await ask('/api/v1/query?query=up', new AbortController().signal);
    expect(asked).toMatchObject([
      {
        namespace: 'monitoring',
        service: 'prometheus',
        port: 'web',
        path: '/base/api/v1/query?query=up',
        scheme: 'http',
      },
    ]);
  });
});
