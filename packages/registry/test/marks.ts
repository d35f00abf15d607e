import type { Hold, Removal, Snapshot, Verdict } from '@slipway/core';

export const TARGET = { formation: 'staging', destination: 'main' };

/** A snapshot without images, in a registry path. */
export function snapshotIn(registry: string, deploymentTag: string): Snapshot {
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag,
    created: '2026-11-21T02:00:00.000Z',
    gitRevision: 'a'.repeat(40),
    registry,
    images: {},
  };
}

/** What became of it; the summary makes each a document of its own. */
export function verdictOn(deploymentTag: string, verdict: Verdict['verdict'], summary = 'Done.'): Verdict {
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Verdict',
    verdict,
    application: 'shop',
    ...TARGET,
    namespace: 'shop',
    deploymentTag,
    started: '2026-11-21T02:00:00.000Z',
    finished: '2026-11-21T02:01:00.000Z',
    summary,
    objects: [],
  };
}

export function holdFor(reason: string): Hold {
  return { by: 'alice', reason, since: '2026-11-21T02:00:00Z' };
}

export function removalAt(at: string): Removal {
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Removal',
    application: 'shop',
    ...TARGET,
    namespace: 'shop',
    at,
    by: 'alice',
  };
}
