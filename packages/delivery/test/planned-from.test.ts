import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { PlannedRelease } from '@slipway/core';
import type { PreparedRelease } from '@slipway/release';
import type { DesiredState } from '../src/desired/desired-state.ts';
import { approvedBefore } from '../src/guard/approved.ts';
import { type Newest, plannedElsewhere, planOutdated } from '../src/guard/planned-from.ts';
import type { DeliverySurroundings } from '../src/surroundings.ts';

const FIRST = '2026-11-29T10:00:00.000Z';
const SECOND = '2026-11-30T10:00:00.000Z';
const OPEN = { deploymentTag: 'v7', created: SECOND };

function told(number: number, newest: Newest, tag = 'v8'): readonly [string, string] {
  const plannedFrom = { number, created: FIRST };
  const { code, message, remedy = '' } = planOutdated({ plannedFrom, strictPlan: false }, newest, tag);
  expect(code).toBe('plan-outdated');
  return [message, remedy];
}

describe('a plan that was made against another release than the newest', () => {
  it('is refused with both', () => {
    expect(told(3, { number: 4 })).toEqual([
      'the plan that was approved is from when release 3 was the newest, but release 4 is the newest by now',
      'plan again, and have that approved; a plan without the cluster knows a release once verify-rollout has its verdict',
    ]);
  });

  it('may have been made without an answer of the registry, and says so', () => {
    expect(told(0, { number: 1 })[0]).toContain(
      'is from when there was no release or the registry did not tell, but release 1',
    );
  });

  it('may be one for another cluster', () => {
    const [message, remedy] = told(41, { number: 0 });
    expect(message).toContain('but there is no release by now');
    expect(remedy).toBe(
      'find out whether this is another cluster, or what was there was removed; to deploy to it, plan again, and have that approved',
    );
    const strict = planOutdated({ plannedFrom: { number: 41 }, strictPlan: true }, { number: 0 }, 'v8');
    expect(strict.remedy).toContain('deploy without "strict-plan"');
  });

  it('is told how a release without a verdict gets one, which no plan without the cluster knows', () => {
    const [message, remedy] = told(41, { number: 42, release: OPEN });
    expect(message).toMatch(/but release 42 is the newest and has no verdict by now$/);
    expect(remedy).toBe(
      'deploy "v7" once more or run the job of release 42 again, which ends with a verdict, or roll back; then plan again, and have that approved',
    );
  });

  it('is not told to deploy what would be refused once more, as the same snapshot in another tree', () => {
    const [, remedy] = told(41, { number: 42, release: OPEN }, 'v7');
    expect(remedy).toMatch(/^run the job of release 42 again, which ends with a verdict, or roll back;/);
  });

  it('is told what to do if the registry does not know the verdict', () => {
    const [message, remedy] = told(41, { number: 42, release: { ...OPEN, verdict: 'succeeded' } });
    expect(message).not.toContain('no verdict');
    expect(remedy).toBe(
      'plan again, and have that approved; if that is refused as well, the registry has no verdict on release 42: deploy "v7" once more or run the job of release 42 again, or roll back',
    );
  });

  it('is not told to go on with a rollback, but to have it verified', () => {
    const [, remedy] = told(41, { number: 42, release: { ...OPEN, restores: 40 } });
    expect(remedy).not.toContain('once more');
    expect(remedy).toMatch(/verify release 42, which is a rollback, or roll back again and verify that$/);
  });
});

describe('a plan from before the formation was removed', () => {
  const judged = (created: string, plannedFrom: PlannedRelease) => {
    const desired = { identity: { formation: 'production', destination: 'eu' } } as unknown as DesiredState;
    const request = { plannedFrom, strictPlan: false, application: '', registry: '' };
    const found = { latest: 41, newest: { number: 41, created } } as unknown as PreparedRelease;
    return approvedBefore(desired, request, {} as DeliverySurroundings).problems({} as ClusterClient, found);
  };

  it('is refused although the numbers have come to the same again', async () => {
    expect(await judged(SECOND, { number: 41, created: FIRST })).toEqual([
      {
        code: 'plan-outdated',
        message: `the plan that was approved is from release 41 of ${FIRST}, which was removed since: the newest is release 41 of ${SECOND} by now`,
        remedy: 'plan again, and have that approved',
      },
    ]);
  });

  it.each<[string, PlannedRelease]>([
    ['is of that release', { number: 41, created: SECOND }],
    ['has only its number, as an older one does', { number: 41 }],
  ])('is not one that %s', async (_, planned) => {
    expect(await judged(SECOND, planned)).toEqual([]);
  });
});

describe('a plan of another target', () => {
  const production = { formation: 'production', destination: 'eu' };

  it('is refused, whatever number its release has', () => {
    expect(plannedElsewhere('staging/eu', production)).toMatchObject([{ code: 'plan-elsewhere' }]);
    expect(plannedElsewhere('production/us', production)).toMatchObject([{ code: 'plan-elsewhere' }]);
  });

  it('is refused before anything of it is compared', async () => {
    const request = { plannedFrom: { number: 41 }, plannedTarget: 'staging/main', strictPlan: true };
    const approved = approvedBefore(
      { identity: production } as unknown as DesiredState,
      { ...request, application: '', registry: '' },
      {} as DeliverySurroundings,
    );
    const found = { latest: 41 } as PreparedRelease;
    expect(await approved.problems({} as ClusterClient, found)).toMatchObject([{ code: 'plan-elsewhere' }]);
  });

  it.each(['production/eu', undefined])('is not one of %s', target => {
    expect(plannedElsewhere(target, production)).toEqual([]);
  });
});
