import type { ClusterClient } from '@slipway/cluster';
import { type Release, silentLogger, valueAt } from '@slipway/core';
import {
  applyRelease,
  closeRelease,
  listReleases,
  prepareRelease,
  pruneAfterSuccess,
  readRelease,
  setTerms,
  stepsGround,
} from '@slipway/release';
import { type Decision, type Driven, drive, type StepsGround } from '@slipway/steps';
import { until } from '@slipway/testkit/cluster';
import { APPLICATION, FORMATION, requestFor } from '@slipway/testkit/releases';
import { STRATEGY, version } from './versions.ts';

// What the actions do, with a client that may die.

const clock = (): Date => new Date();
const never = new AbortController().signal;
const TERMS = { 'stable-for': '0s', timeout: '60s' };
const ATTEND = 10 * 60_000;
const LOCK_TIMEOUT = 60_000;
const TIMEOUT = 60_000;

/** All is well with every copy: what judging finds is measured elsewhere. */
const judge: StepsGround['judge'] = async () => ({ verdict: 'passed', summary: 'all is well' });

export const ownerIn = (namespace: string) => ({ application: APPLICATION, formation: FORMATION, namespace });

/** Where a formation is released. */
export interface Site {
  readonly namespace: string;
  /** The repository of its images. */
  readonly repository: string;
}

export const requestOf = ({ namespace, repository }: Site, number: number) =>
  requestFor(namespace, version(number, repository) as never, { strategy: STRATEGY });

/** What deploy does. */
export async function deployVersion(client: ClusterClient, site: Site, number: number): Promise<Release> {
  const request = requestOf(site, number);
  const release = await applyRelease({
    ...{ client, clock, signal: never, logger: silentLogger, onRecorded: () => {} },
    ...{ lockTimeout: LOCK_TIMEOUT, timeout: TIMEOUT },
    prepared: await prepareRelease({ client, request }),
    prepareAgain: locked => prepareRelease({ client: locked, request }),
  });
  return await setTerms(client, release, TERMS);
}

/** What verify-rollout does. */
export async function look(client: ClusterClient, release: Release, decision?: Decision): Promise<Driven> {
  const ground = stepsGround({
    ...{ client, release, clock, signal: never, logger: silentLogger, judge },
    ...{ repository: 'acme/shop', holder: `run ${Math.random()}`, lockTimeout: LOCK_TIMEOUT },
    timeout: TIMEOUT,
  });
  return await drive(ground, { decision, attend: ATTEND });
}

/** What verify-rollout does when it runs again for a release that succeeded: its run may have died before it removed what left. */
export async function lookAgain(client: ClusterClient, release: Release): Promise<void> {
  if (release.verdict !== 'succeeded') return;
  await pruneAfterSuccess({
    ...{ client, release, clock, signal: never, logger: silentLogger },
    ...{ repository: 'acme/shop', holder: `run ${Math.random()}` },
    ...{ timeout: LOCK_TIMEOUT },
  });
}

const as = { actor: 'octocat', run: 'https://github.example/acme/shop/actions/runs/2' };
export const CONTINUE: Decision = { what: 'continue', name: 'commit', barred: {}, as };
export const REJECT: Decision = { what: 'reject', barred: {}, as };

export async function newestRecord(client: ClusterClient, namespace: string): Promise<Release> {
  const owner = ownerIn(namespace);
  const [newest] = await listReleases(client, owner);
  return await readRelease(client, owner, newest?.number ?? 0);
}

/** The first release of the formation, which serves. */
export async function serve(client: ClusterClient, site: Site): Promise<void> {
  const release = await deployVersion(client, site, 1);
  await until(async () => {
    const deployments = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: site.namespace };
    const { items } = await client.list(deployments);
    return items.every(one => Number(valueAt(one, ['status', 'readyReplicas'])) > 0);
  });
  await closeRelease(client, release, 'succeeded', clock);
}

/** Which version a release has. */
export function versionOf({ manifests }: Release): number {
  return Number(/"image":"[^"]+:(\d+)"/.exec(JSON.stringify(manifests))?.[1]);
}
