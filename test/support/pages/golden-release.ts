import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ObjectVerdict, parseVerdict, type Release } from '@slipway/core';
import { summaryPage } from '@slipway/report';
import type { RolloutChange } from '@slipway/rollout';
import { summaryOf } from '../../../actions/verify-rollout/src/tell/summary.ts';

/**
 * The verdict on the broken version that the demo deploys, as verify-rollout wrote it on the testbed. Two things differ: the images
 * are at another registry, and the evidence ends before the log and the events, as nodes that are played keep no log.
 */
const PATH = join(import.meta.dirname, 'failed-release.json');
const verdict = parseVerdict(readFileSync(PATH, 'utf8'), PATH);

const COMMIT = 'bd9017f03c5f2e0a8a8d0f6a1a2b4c9d7e6f5a40';
const RUN = { serverUrl: 'https://github.com', repository: 'acme/shop', sha: COMMIT };

/** What deploy noted; the times are those of the same run. */
const record: Release = {
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Release', application: 'shop', formation: 'staging' },
  ...{ number: 2, namespace: verdict.namespace, destination: 'main', prune: 'now', manifests: [], seals: [] },
  ...{ created: '2026-11-29T12:52:38.397Z', applied: '2026-11-29T12:52:39.641Z' },
  ...{ actor: 'ada', reason: '', configRevision: COMMIT },
  ...(verdict.deploymentTag === undefined ? {} : { deploymentTag: verdict.deploymentTag }),
  run: 'https://github.com/acme/shop/actions/runs/18112233445',
  objects: verdict.objects.map(({ object }) => ({
    ...object,
    written: ['api', 'migrate'].includes(object.name.split('-')[0] ?? '') && isRewritten(object.kind),
  })),
};

function isRewritten(kind: string): boolean {
  return ['Deployment', 'ConfigMap', 'Job'].includes(kind);
}

const started = Date.parse(verdict.started);

function changeOf(
  seconds: number,
  object: ObjectVerdict['object'],
  status: RolloutChange['status'],
): RolloutChange {
  return { at: new Date(started + seconds * 1000), object, status, message: '', settled: 12, total: 13 };
}

/** The summary of a release of the example whose new version cannot start, and which is taken back. */
export function failedRelease(): string {
  const [api, ...others] = verdict.objects;
  if (api === undefined) throw new Error(`${PATH} has no objects`);
  const { evidence: _, remedy: __, reason: ___, ...back } = api;
  const objects = [{ ...back, status: 'ready' as const, message: '2 of 2 replicas are ready' }, ...others];
  const result = {
    ...{ verdict: 'succeeded' as const, summary: '', ran: [], checks: [], timeline: [], objects },
    ...{ started: new Date(started + 2500), finished: new Date(started + 7600) },
  };
  return summaryPage([
    summaryOf({
      ...{ verdict, release: record, checks: [], run: RUN },
      changes: [changeOf(0.152, api.object, 'in-progress'), changeOf(1.694, api.object, 'failed')],
      before: { number: 1, deploymentTag: verdict.rolledBackTo?.deploymentTag },
      restored: { result, changes: [], checks: [] },
    }),
  ]);
}

/** A failed release of thirty objects, each of which says something in Markdown, with long names and digests. */
export function largeFailedRelease(words: string): string {
  const [failed] = verdict.objects;
  if (failed === undefined) throw new Error(`${PATH} has no objects`);
  const image = `ghcr.io/acme/shop/api@sha256:${'0123456789abcdef'.repeat(4)}`;
  const objects = Array.from({ length: 30 }, (_, index) => ({
    ...failed,
    object: { ...failed.object, name: `n${index}.${'a'.repeat(60)}.${'b-'.repeat(90)}` },
    message: `${words}: the image "${image}" does not exist`,
    evidence: [{ title: words, lines: [words, '```', '# no heading', '</pre>', 'x'.repeat(500)] }],
  }));
  const finished = new Date(started + 640_000).toISOString();
  return summaryPage([
    summaryOf({
      verdict: { ...verdict, verdict: 'failed', finished, summary: words, objects },
      release: { ...record, actor: words, reason: words },
      changes: objects.flatMap(({ object }, index) => [
        changeOf(index * 20, object, 'in-progress'),
        changeOf(600 + index, object, 'failed'),
      ]),
      checks: [{ at: new Date(started), name: words, status: 'failed', message: words }],
    }),
  ]);
}
