import type { ObjectVerdict, Release, Verdict } from '@slipway/core';
import { summaryPage } from '@slipway/report';
import type { RolloutChange } from '@slipway/rollout';
import { summaryOf } from '../../../actions/verify-rollout/src/tell/summary.ts';

const START = Date.parse('2026-11-29T10:15:00Z');
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const time = (seconds: number): string => at(seconds).toISOString();

const NAMESPACE = 'shop-staging';
const TAG = '20261129-101348-4f2a9c1-118-1';
const COMMIT = '4f2a9c1d0b7e5a3f86c24d1907be35a8f0c6e2d4';
const RUN = { serverUrl: 'https://github.com', repository: 'acme/shop', sha: COMMIT };

const objectOf = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  ...{ apiVersion, kind, namespace: NAMESPACE, name },
});
const API = objectOf('Deployment', 'api');
const WEB = objectOf('Deployment', 'web');
const CACHE = objectOf('StatefulSet', 'cache');
const OTHERS = [
  ...['api', 'web', 'cache'].map(name => objectOf('Service', name, 'v1')),
  ...['api', 'web', 'cache'].map(name => objectOf('PodDisruptionBudget', name, 'policy/v1')),
  objectOf('HorizontalPodAutoscaler', 'api', 'autoscaling/v2'),
];

const SAYS = 'container "api" of pod "api-6897d5dfb6-wj57t" is crash-looping (exit code 3)';
const SAID = 'cannot start: no price list at /etc/shop/prices.json';

const record: Release = {
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Release', application: 'shop', formation: 'staging' },
  ...{ number: 8, namespace: NAMESPACE, destination: 'main', deploymentTag: TAG, prune: 'now' },
  ...{ created: time(0), applied: time(4), actor: 'ada', reason: 'push of main', configRevision: COMMIT },
  run: 'https://github.com/acme/shop/actions/runs/18112233445',
  ...{ manifests: [], seals: [] },
  objects: [API, WEB, CACHE, ...OTHERS].map(object => ({ ...object, written: object === API })),
};

const failed: ObjectVerdict = {
  object: API,
  status: 'failed',
  message: SAYS,
  remedy: 'see its last log lines',
  evidence: [{ title: 'Last log lines of container api of pod api-6897d5dfb6-wj57t', lines: [SAID] }],
};

const ready = (object: ObjectVerdict['object'], message = '2 of 2 replicas are ready'): ObjectVerdict => ({
  ...{ object, status: 'ready', message },
});

const verdict: Verdict = {
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Verdict', verdict: 'rolled-back', application: 'shop' },
  ...{ formation: 'staging', destination: 'main', namespace: NAMESPACE, release: 8, deploymentTag: TAG },
  ...{ started: time(4), finished: time(13) },
  summary: `Deployment ${NAMESPACE}/api failed: ${SAYS}, after logging "${SAID}"; see its last log lines. Rolled back to release 7, as release 9`,
  objects: [failed, ready(WEB), ready(CACHE), ...OTHERS.map(object => ready(object, 'it exists'))],
  rolledBackTo: { release: 7, as: 9, deploymentTag: '20261128-163012-9b01d77-117-1', restored: [API] },
  timeline: [],
};

const changes: readonly RolloutChange[] = (
  [
    [0, API, 'in-progress'],
    [0.4, WEB, 'ready'],
    [0.6, CACHE, 'ready'],
    [8.7, API, 'failed'],
  ] as const
).map(([seconds, object, status]) => changeOf(4 + seconds, object, status));

function changeOf(
  seconds: number,
  object: ObjectVerdict['object'],
  status: RolloutChange['status'],
): RolloutChange {
  return { at: at(seconds), object, status, message: SAYS, settled: 1, total: 3 };
}

/** The summary of a release of the example whose new version cannot start, and which is taken back. */
export function failedRelease(): string {
  const result = {
    ...{ verdict: 'succeeded' as const, summary: 'all objects are ready', ran: [], checks: [], timeline: [] },
    ...{ objects: [ready(API), ready(WEB), ready(CACHE)], started: at(14), finished: at(27) },
  };
  const before = { number: 7, deploymentTag: '20261128-163012-9b01d77-117-1' };
  return summaryPage([
    summaryOf({
      ...{ verdict, release: record, changes, checks: [], before, run: RUN },
      restored: { result, changes: [], checks: [] },
    }),
  ]);
}

/** A failed release of thirty objects, each of which says something in Markdown, with long names and digests. */
export function largeFailedRelease(words: string): string {
  const image = `ghcr.io/acme/shop/api@sha256:${'0123456789abcdef'.repeat(4)}`;
  const objects = Array.from({ length: 30 }, (_, index) => ({
    ...failed,
    object: objectOf('Deployment', `n${index}.${'a'.repeat(60)}.${'b-'.repeat(90)}`),
    message: `${words}: the image "${image}" does not exist`,
    evidence: [{ title: words, lines: [words, '```', '# no heading', '</pre>', 'x'.repeat(500)] }],
  }));
  return summaryPage([
    summaryOf({
      verdict: { ...verdict, verdict: 'failed', finished: time(640), summary: words, objects },
      release: { ...record, actor: words, reason: words },
      changes: objects.flatMap(({ object }, index) => [
        changeOf(index * 20, object, 'in-progress'),
        changeOf(600 + index, object, 'failed'),
      ]),
      checks: [{ at: at(3), name: words, status: 'failed', message: words }],
    }),
  ]);
}
