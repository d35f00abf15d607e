import { describe, expect, it } from '@jest/globals';
import { makeReport } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { withRefusals } from '../src/refusals.ts';

function found(metadata: KubernetesObject['metadata']) {
  const object: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  const positionAt = (pointer: string) => ({
    path: 'stencils/a.yaml',
    line: pointer === '' ? 1 : 4,
    column: 1,
  });
  const target = withRefusals(
    {
      name: 'production/eu',
      formation: 'production',
      destination: 'eu',
      namespace: 'shop',
      objects: [{ object, positionAt }],
      report: makeReport([], 1),
      reportPath: '/report.json',
    },
    'error',
  );
  return target.report;
}

describe('what deploy would refuse', () => {
  it.each([
    ['an order that is not a number', { 'slipway.dev/order': 'first' }, 'deploy/order-invalid'],
    ['a way of naming that does not exist', { 'slipway.dev/naming': 'stable' }, 'deploy/naming-invalid'],
    ['an annotation that only Slipway sets', { 'slipway.dev/release': '3' }, 'deploy/object-reserved'],
    [
      'a waiting time that is not one',
      { 'slipway.dev/deadline': 'soon' },
      expect.stringMatching(/^deploy\//),
    ],
  ])('is an error of the pull request: %s', (_, annotations, rule) => {
    const report = found({ name: 'a', annotations });
    expect([report.verdict, report.counts.errors]).toEqual(['failed', 1]);
    expect(report.findings).toEqual([
      expect.objectContaining({ rule, formation: 'production', destination: 'eu', place: expect.anything() }),
    ]);
  });

  it('is not reported for a manifest without a mistake', () => {
    expect(found({ name: 'a', annotations: { 'slipway.dev/order': '-1' } })).toMatchObject({
      verdict: 'passed',
      findings: [],
    });
  });
});
