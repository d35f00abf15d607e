import { describe, expect, it } from '@jest/globals';
import { longestRange, type PrometheusCheck, parseDuration, timeForSamples } from '@slipway/core';
import { momentsOf } from '../src/comparison/moments.ts';
import { podLabel, podPattern, queryOfSide } from '../src/comparison/sides.ts';
import { unitOf } from '../src/comparison/unit.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const window = { from: at(0), to: at(600) };

describe('a query about one version', () => {
  const pods = { api: ['api-7d9f-aaaaa', 'api-7d9f-bbbbb'], web: ['web-1.2-ccccc'] };

  it('names its pods and the window', () => {
    expect(queryOfSide('increase(a{pod=~"${pods}"}[${window}])', pods, window)).toEqual({
      query: 'increase(a{pod=~"api-7d9f-(?:aaaaa|bbbbb)|web-1[.]2-ccccc"}[600s])',
    });
  });

  it('may be about one of the workloads', () => {
    expect(queryOfSide('a{pod=~"${pods.web}"}', pods, window)).toEqual({
      query: 'a{pod=~"web-1[.]2-ccccc"}',
    });
  });

  it.each([
    ['without pods', '${pods}', {}],
    ['without the pods of a workload', '${pods.mailer}', pods],
  ])('%s cannot be asked: an empty pattern would be one of everything', (_, word, of) => {
    expect(queryOfSide(`a{pod=~"${word}"}`, of, window)).toEqual({ missing: `it has no pods for ${word}` });
  });

  it('may be about all pods that a ReplicaSet had, with the end that it gives to each', () => {
    const pattern = new RegExp(`^(?:${podPattern(['api-7d9f-*', 'a.b-5c8d-*'])})$`);
    const names = ['api-7d9f-aaaaa', 'a.b-5c8d-x2z4v', 'api-7d9f-aaaa', 'api-7d9f-x-aaaaa', 'axb-5c8d-aaaaa'];
    expect(names.filter(name => pattern.test(name))).toEqual(['api-7d9f-aaaaa', 'a.b-5c8d-x2z4v']);
  });

  it('matches exactly its pods', () => {
    const pattern = new RegExp(`^(?:${podPattern([...pods.api, ...pods.web, 'web-1x2-ccccc2'])})$`);
    const names = [
      ...pods.api,
      ...pods.web,
      'web-1x2-ccccc',
      'api-7d9f-aaaab',
      'api-7d9f-aaaaabbbbb',
      'web-1x2-ccccc2',
    ];
    expect(names.filter(name => pattern.test(name))).toEqual([...pods.api, ...pods.web, 'web-1x2-ccccc2']);
  });

  it.each([
    ['a{pod=~"${pods}"}', 'pod'],
    ['a{x="1", kubernetes_pod_name =~ \'${pods.api}\'}', 'kubernetes_pod_name'],
    ['a{pod="x"}', undefined],
  ])('%s selects pods by the label %s', (query, label) => {
    expect(podLabel(query)).toBe(label);
  });
});

describe('the moments of a comparison', () => {
  it('look back over nothing before the window, and the last one is its end', () => {
    const { start, end, step, times, stride } = momentsOf(window, 60_000, 60_000);
    expect({ start, end, step, stride }).toEqual({ start: at(60), end: at(600), step: 60_000, stride: 1 });
    expect(times).toHaveLength(10);
  });

  it('are as far apart as the values look back, unless more are asked for', () => {
    expect(momentsOf(window, undefined, 120_000)).toMatchObject({ step: 120_000, stride: 1 });
    expect(momentsOf(window, 15_000, 120_000)).toMatchObject({ step: 15_000, stride: 8 });
  });

  it('are at most a thousand', () => {
    expect(momentsOf({ from: at(0), to: at(86_400) }, 1000, 0).times.length).toBeLessThanOrEqual(1001);
  });

  it('are one where the window is shorter than what a value looks back over', () => {
    expect(momentsOf(window, undefined, 3_600_000).times).toEqual([at(600).getTime()]);
  });
});

describe('the time that a number of values takes', () => {
  const separate = (window: number, check: PrometheusCheck): number => {
    const every = parseDuration(check.every ?? '');
    const { times, stride } = momentsOf(
      { from: new Date(0), to: new Date(window) },
      every,
      longestRange(check),
    );
    return times.filter((_, index) => (times.length - 1 - index) % stride === 0).length;
  };

  it.each([
    ['[1m]', undefined, 10],
    ['[5m]', undefined, 10],
    ['[5m]', '1m', 7],
    ['[1m]', '15s', 5],
    ['[20s]', '15s', 8],
    ['', '30s', 5],
    ['', undefined, 10],
  ])('is enough for %s every %s, and a second less is not', (range, every, samples) => {
    const check = { query: `rate(x${range})`, ...(every === undefined ? {} : { every }) };
    const time = timeForSamples(check, samples);
    expect([separate(time, check), separate(time - 1000, check)]).toEqual([samples, samples - 1]);
  });
});

describe('the unit of a query', () => {
  it.each([
    ['histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))', ' s'],
    ['histogram_quantile(0.9, rate(x_milliseconds_bucket[1m]))', ' ms'],
    ['rate(process_cpu_seconds_total[1m])', ''],
  ])('%s is %p', (query, unit) => {
    expect(unitOf(query)).toBe(unit);
  });
});
