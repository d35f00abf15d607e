import { describe, expect, it } from '@jest/globals';
import { API_VERSION, SlipwayError, type Verdict } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { withDeployment } from '../src/tell/verdict.ts';
import { readJobRuns, runOf } from '../src/what/job-runs.ts';
import { releaseBefore } from '../src/what/release-before.ts';

const job = {
  ...{ apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: 'migrate', uid: 'u1', written: true },
};
const [START, END] = ['2026-11-20T10:00:00Z', '2026-11-20T10:00:08Z'];

function live(status: KubernetesObject['status'], uid = 'u1'): KubernetesObject {
  const { apiVersion, kind, namespace, name } = job;
  return { apiVersion, kind, metadata: { namespace, name, uid }, status: status ?? null };
}

const condition = (type: string, status = 'True') => ({ type, status, lastTransitionTime: END });
const complete = live({ startTime: START, completionTime: END, conditions: [condition('Complete')] });

describe('when a Job ran', () => {
  const [from, to] = [new Date(START), new Date(END)];

  it.each([
    ['that has completed', complete, [{ job, from, to, status: 'completed' }]],
    [
      'that has failed, by when its condition says so',
      live({ startTime: START, conditions: [condition('FailureTarget'), condition('Failed')] }),
      [{ job, from, to, status: 'failed' }],
    ],
    [
      'that runs',
      live({ startTime: START, conditions: [condition('Complete', 'False')] }),
      [{ job, from, status: 'running' }],
    ],
    ['that has not started', live({}), []],
    ['whose times are not times', live({ ...(complete['status'] as object), startTime: 'soon' }), []],
    [
      'that ended before it began',
      live({ ...(complete['status'] as object), startTime: '2027-01-01T00:00:00Z' }),
      [],
    ],
  ])('is known of one %s', (_, object, runs) => {
    expect(runOf(job, object)).toEqual(runs);
  });

  const read = (get: (name: string) => KubernetesObject | undefined) =>
    readJobRuns({ get: async ({ name }) => get(name) }, { objects: [job, { ...job, kind: 'Pod' }] });

  it('is read from the cluster', async () => {
    expect(await read(() => complete)).toEqual([{ job, from, to, status: 'completed' }]);
    const unwritten = { objects: [{ ...job, written: false }] };
    expect(await readJobRuns({ get: async () => complete }, unwritten)).toEqual([]);
  });

  it('is not known of one that is gone, was replaced, or may not be read', async () => {
    expect(await read(() => undefined)).toEqual([]);
    expect(await read(() => live(complete['status'] ?? null, 'u2'))).toEqual([]);
    const forbidden = new SlipwayError({ code: 'cluster-forbidden', message: 'm', remedy: 'r' });
    expect(
      await read(() => {
        throw forbidden;
      }),
    ).toEqual([]);
  });
});

describe('the timeline of a verdict', () => {
  it('begins with deploy, and has its Jobs', () => {
    const verdict: Verdict = {
      ...{ apiVersion: API_VERSION, kind: 'Verdict', verdict: 'succeeded', application: 'shop' },
      ...{ formation: 'live', namespace: 'shop', release: 7, started: START, finished: END, summary: 's' },
      objects: [],
      timeline: [{ at: '2026-11-20T10:00:09.500Z', text: 'succeeded' }],
    };
    const release = { created: '2026-11-20T10:00:00.400Z', applied: '2026-11-20T10:00:09.000Z' };
    const { timeline } = withDeployment(verdict, release, runOf(job, complete));
    expect(timeline).toEqual([
      { at: '2026-11-20T10:00:00.400Z', text: 'deploy began to write release 7' },
      { at: '2026-11-20T10:00:00.400Z', text: 'Job shop/migrate: started' },
      { at: '2026-11-20T10:00:08.000Z', text: 'Job shop/migrate: completed' },
      { at: '2026-11-20T10:00:09.000Z', text: 'deploy had written every object' },
      { at: '2026-11-20T10:00:09.500Z', text: 'succeeded' },
    ]);
  });
});

describe('the release before', () => {
  const entries = [9, 8, 7, 6, 5, 4].map(number => ({
    ...{ number, created: START, deploymentTag: `v${number}` },
    verdict: ([8, 5, 4].includes(number) ? 'succeeded' : 'failed') as 'succeeded' | 'failed',
  }));

  it('is the newest that succeeded before it', () => {
    expect(releaseBefore({ number: 7 }, entries)?.deploymentTag).toBe('v5');
    expect(releaseBefore({ number: 4 }, entries)).toBeUndefined();
  });

  it('is for a rollback the one that it undoes', () => {
    expect(releaseBefore({ number: 7, rollbackOf: 6 }, entries)?.deploymentTag).toBe('v6');
    expect(releaseBefore({ number: 7, rollbackOf: 3 }, entries)).toBeUndefined();
  });
});
