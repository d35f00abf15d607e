import { describe, expect, it } from '@jest/globals';
import { type JsonObject, parseChecks, parseFormation } from '@slipway/core';
import { thrownBy } from '@slipway/testkit/errors';
import { documentOf } from './document-of.ts';

const formation = (verify: JsonObject) =>
  documentOf(
    {
      apiVersion: 'slipway.dev/v1',
      kind: 'Formation',
      metadata: { name: 'production' },
      spec: { destinations: { eu: { namespace: 'shop' } }, verify },
    },
    'formations/production.yaml',
  );

describe('the verify block of a formation', () => {
  it('takes deadlines, windows, rules and checks', () => {
    const verify = {
      'stable-for': '10s',
      deadline: '1h',
      windows: { pull: '2m', crash: '5m' },
      status: [{ group: 'argoproj.io', kind: 'Rollout', ready: 'object.status.phase == "Healthy"' }],
      checks: [
        { name: 'front', http: { service: 'web', port: 8080, path: '/healthz', json: { '/status': 'up' } } },
        { name: 'smoke', job: { name: '${formation}-smoke-test' } },
        { name: 'errors', prometheus: { query: 'errors', max: 0.01, 'max-increase': '20%' } },
      ],
    };
    expect(parseFormation(formation(verify)).spec.verify).toEqual(verify);
  });

  it.each([
    [
      'a check without a way to look',
      { checks: [{ name: 'front' }] },
      /checks\.0" .*; expected: a name, and one of/,
    ],
    [
      'a check that looks in two ways',
      { checks: [{ name: 'a', http: { service: 'web' }, job: { name: 'b' } }] },
      /verify\.checks\.0/,
    ],
    [
      'a query without bounds',
      { checks: [{ name: 'a', prometheus: { query: 'up' } }] },
      /checks\.0\.prometheus/,
    ],
    ['a Job of its own, which no policy saw', { checks: [{ name: 'a', job: { manifest: {} } }] }, /manifest/],
    ['a rule without a kind', { status: [{ group: 'a.io', ready: 'true' }] }, /"kind"/],
    ['a window that is not a duration', { windows: { pull: 'long' } }, /pull/],
  ])('refuses %s', (_name, verify, sentence) => {
    const error = thrownBy(() => parseFormation(formation(verify)));
    expect(error.problems.map(({ message, remedy }) => `${message}; ${remedy}`).join('\n')).toMatch(sentence);
  });
});

describe('the checks of an input', () => {
  it('may bring a Job of their own', () => {
    const checks = [{ name: 'smoke', job: { manifest: { apiVersion: 'batch/v1', kind: 'Job' } } }];
    expect(parseChecks(documentOf(checks, 'checks'))).toEqual(checks);
  });
});
