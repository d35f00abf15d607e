import { describe, expect, it } from '@jest/globals';
import type { Finding, Severity } from '@slipway/core';
import type { SharedFinding } from '@slipway/report';
import { annotateFindings } from '../src/index.ts';
import { type FakeRunner, fakeRunner } from '../src/testing.ts';

const rest = 'in the summary';

function shared(path: string, line: number, more: Partial<Finding> = {}): SharedFinding {
  const finding = {
    ...{ rule: 'workloads/limits', severity: 'error', message: 'has no limits', fingerprint: 'sha256:0' },
    ...{ place: { path, line, column: 3 }, object: { kind: 'Deployment', name: `api-${line}` } },
    ...more,
  } as Finding;
  return { finding, targets: [] };
}

const lines = (path: string, count: number, severity: Severity = 'error'): SharedFinding[] =>
  Array.from({ length: count }, (_, index) => shared(path, index + 1, { severity }));

async function annotated(
  findings: readonly SharedFinding[],
  changed: readonly string[] = [],
): Promise<{ runner: FakeRunner; asked: number }> {
  const runner = fakeRunner();
  let asked = 0;
  await annotateFindings(findings, runner, {
    rest,
    changedFiles: async () => {
      asked += 1;
      return changed;
    },
  });
  return { runner, asked };
}

describe('findings as annotations', () => {
  it('are shown once for each rule and position, whatever the objects and destinations', async () => {
    const { runner } = await annotated([
      shared('a.yaml', 1),
      shared('a.yaml', 1, { object: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'eu' } }),
      shared('a.yaml', 1, { message: 'has no requests' }),
      shared('a.yaml', 1, { rule: 'workloads/probes' }),
      shared('a.yaml', 1, { place: { path: 'a.yaml', line: 1, column: 9 } }),
    ]);
    expect(runner.annotations.map(({ code, message }) => [code, message])).toEqual([
      ['workloads/limits', 'Deployment api-1: has no limits (and 2 more here)'],
      ['workloads/probes', 'Deployment api-1: has no limits'],
      ['workloads/limits', 'Deployment api-1: has no limits'],
    ]);
  });

  it('without a position are not taken for one', async () => {
    const nowhere = Array.from({ length: 3 }, () => {
      const { place: _, ...finding } = shared('', 1).finding;
      return { finding, targets: [] };
    });
    const { runner } = await annotated(nowhere);
    expect(runner.annotations.map(({ at }) => at)).toEqual([undefined, undefined, undefined]);
  });

  it('leave one of ten for the failure of the step, and are all shown as long as they fit', async () => {
    const { runner, asked } = await annotated([...lines('a.yaml', 9), ...lines('b.yaml', 9, 'warning')]);
    expect([runner.annotations.length, asked]).toEqual([18, 0]);
    expect(runner.annotations.every(({ at }) => at !== undefined)).toBe(true);
  });

  it('are followed by how many more there are of their kind, and where', async () => {
    const findings = [
      ...lines('a.yaml', 10),
      ...lines('b.yaml', 12, 'warning'),
      ...lines('c.yaml', 2, 'notice'),
    ];
    const { runner } = await annotated(findings);
    const kinds = runner.annotations.map(({ severity }) => severity);
    expect(kinds).toEqual([...Array(9).fill('error'), ...Array(9).fill('warning'), 'notice', 'notice']);
    const general = runner.annotations.filter(({ at }) => at === undefined);
    expect(general).toEqual([
      { severity: 'error', message: '2 more errors are in the summary' },
      { severity: 'warning', message: '4 more warnings are in the summary' },
    ]);
  });

  it('prefer changed files, and a sign-off before a warning, where not all are shown', async () => {
    const findings = [
      ...lines('a.yaml', 5, 'sign-off'),
      ...lines('b.yaml', 3, 'sign-off'),
      ...lines('c.yaml', 5, 'warning'),
    ];
    const { runner, asked } = await annotated(findings, ['b.yaml', 'c.yaml']);
    expect(asked).toBe(1);
    expect(runner.annotations.map(({ at }) => at?.path)).toEqual([
      ...Array(3).fill('b.yaml'),
      ...Array(5).fill('a.yaml'),
      undefined,
    ]);
  });
});
