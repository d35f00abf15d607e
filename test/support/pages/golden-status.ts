import type { ApplicationStatus, DestinationStatus } from '@slipway/core';

const HOME = 'https://github.com/acme/shop';
const COMMIT = 'a'.repeat(40);

/** A destination of which everything is to be said, in the words of whoever wrote into the cluster, the registry and Git. */
function destination(name: string, state: DestinationStatus['state'], words: string): DestinationStatus {
  return {
    ...{ formation: 'production', destination: name, namespace: 'shop', state, limits: [words] },
    attention: [`Deployment api is not ready: ${words}`],
    waiting: [`on hold since 2026-11-28T10:05:00Z by mia: ${words}`],
    unknown: [words],
    live: {
      ...{ source: 'note', release: 41, deploymentTag: words, commit: COMMIT, configCommit: words },
      ...{ since: '2026-11-28T10:05:00Z', by: words, why: words, verdict: 'succeeded' },
      run: `${HOME}/actions/runs/7`,
    },
    hold: { by: words, reason: words, since: '2026-11-28T10:05:00Z' },
    lock: { by: words, isStale: true },
    health: { ready: 1, total: 2, objects: [] },
    drift: {
      compared: 2,
      objects: [
        {
          object: { apiVersion: 'apps/v1', kind: 'Deployment', name: words },
          ...{ change: 'changed', fields: [words], by: [words] },
        },
      ],
    },
    behind: {
      ...{ formation: 'staging', isBehind: true, count: 2, deploymentTag: words, commit: COMMIT },
      ...{ commits: [{ sha: COMMIT, title: words }], pulls: [{ number: 12, title: words }] },
      config: { commit: 'b'.repeat(40), isBehind: true, count: 3, commits: [{ sha: COMMIT, title: words }] },
    },
  };
}

/** @param words of someone else, in every text that may be someone's */
export function statusInWords(words: string): ApplicationStatus {
  const states = ['unknown', 'attention', 'waiting', 'fine'] as const;
  return {
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Status', application: 'shop', repository: HOME },
    ...{ at: '2026-11-29T12:00:00.000Z', state: 'unknown' },
    destinations: states.map(state => destination(`in-${state}`, state, words)),
  };
}
