import type { ClusterClient } from '@slipway/cluster';
import { type Release, silentLogger } from '@slipway/core';
import { type Decision, type Driven, drive, type StepsGround } from '@slipway/steps';
import { type StepsGroundOptions, stepsGround } from '../../src/index.ts';
import { clock, never } from '../fixture.ts';

/** What someone decided about an open release. */
export const decided = (what: Decision['what'], name?: string): Decision => ({
  ...{ what, name, barred: {} },
  as: { actor: 'octocat', run: 'https://github.example/acme/shop/actions/runs/2' },
});

/** The ground of a release whose steps are all judged well. */
export function groundFor(
  client: ClusterClient,
  release: Release,
  more: Partial<StepsGroundOptions> = {},
): StepsGround {
  return stepsGround({
    ...{ client, release, clock, signal: never, logger: silentLogger },
    judge: async () => ({ verdict: 'passed', summary: 'all is well' }),
    ...{ repository: 'acme/shop', holder: 'a test', lockTimeout: 60_000, timeout: 60_000 },
    ...more,
  });
}

/** A look at a release, as a run of verify-rollout has it. */
export const looksOf =
  (client: ClusterClient) =>
  (release: Release, decision?: Decision, ifWaitingFor?: string): Promise<Driven> =>
    drive(groundFor(client, release), { decision, ifWaitingFor, attend: 10 * 60_000 });
