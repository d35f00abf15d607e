import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Judging } from '@slipway/core';
import { type RunningPrometheus, startPrometheus } from '@slipway/testbed';
import type { StepResult } from '@slipway/testbed/runner';
import { failure, outcome } from './support/steps/outcome.ts';
import { imageOf, stableOf, writtenIn } from './support/steps/seen.ts';
import { openServing } from './support/steps/serving.ts';
import type { Shop } from './support/steps/shop.ts';
import { useShops } from './support/steps/use-shops.ts';

const shops = useShops();
const STRATEGY =
  '{workloads: [api], steps: [{weight: 50, bake: 20s, pause: commit, unwatched: true}], drain: 0s, warm-up: 4s}';
const PER_SECOND = 200;

/** Requests and errors of the last window, asked once per version. */
function verifying(minimum: number): string {
  const count = (more: string): string =>
    `'sum(increase(requests_total{namespace="\${namespace}",pod=~"\${pods}"${more}}[\${window}]))'`;
  const errors = `{bad: ${count(',code="500"')}, all: ${count('')}, worse-by: 1%, min-requests: ${minimum}}`;
  return `{checks: [{name: errors, prometheus: ${errors}}]}`;
}

let server: Server;
let prometheus: RunningPrometheus;
/** How many of a thousand requests fail in pods of a copy, by namespace. */
const badIn = new Map<string, number>();
const seenAt = new Map<string, number>();

beforeAll(async () => {
  server = createServer((_request, response) => {
    void metrics().then(
      text => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
        response.end(text);
      },
      // The cluster is stopped before the last scrape has ended.
      () => response.writeHead(503).end(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  prometheus = await startPrometheus({ targets: [`127.0.0.1:${(server.address() as AddressInfo).port}`] });
});

afterAll(async () => {
  server.close();
  await prometheus?.stop();
});

/** What the pods of all shops would say of themselves. */
async function metrics(): Promise<string> {
  const now = Date.now();
  const { items } = await shops.client.list({ apiVersion: 'v1', kind: 'Pod', labelSelector: 'app=api' });
  const lines = items.flatMap(({ metadata: { name, namespace } }) => {
    const pod = `${String(namespace)}/${name}`;
    const began = seenAt.get(pod) ?? now;
    seenAt.set(pod, began);
    const all = Math.floor((PER_SECOND * (now - began)) / 1000);
    const isNext = name.startsWith('api-next-');
    const failed = Math.floor((all * (isNext ? (badIn.get(String(namespace)) ?? 2) : 2)) / 1000);
    const labels = `namespace="${String(namespace)}",pod="${name}"`;
    return [
      `requests_total{${labels},code="200"} ${all - failed}`,
      `requests_total{${labels},code="500"} ${failed}`,
    ];
  });
  return `${lines.join('\n')}\n`;
}

async function release(namespace: string, bad: number, minimum = 100): Promise<readonly [Shop, StepResult]> {
  badIn.set(namespace, bad);
  const verify = verifying(minimum);
  const shop = await openServing(shops, namespace, { strategy: STRATEGY, verify });
  expect(outcome(await shop.deploy({ number: 2, strategy: STRATEGY, verify }))).toBe('succeeded');
  const inputs = { release: '2', 'may-wait': 'true', prometheus: prometheus.address };
  return [shop, await shop.verify(inputs)];
}

const at = ({ namespace }: Shop) => ({ client: shops.client, namespace });

function judgingOf({ outputs }: StepResult): Judging {
  return JSON.parse(readFileSync(outputs['judging'] ?? '', 'utf8')) as Judging;
}

describe('a copy that a real Prometheus is asked about', () => {
  it('is undone where it fails more requests, and the summary shows by how much', async () => {
    const [shop, step] = await release('judged-worse', 100);
    expect([failure(step), step.outputs['verdict']]).toEqual(['rolled-back', 'rolled-back']);
    expect(step.summary).toMatch(/undone: check errors: \d+\.\d+ % .* instead of 0\.\d+ %/);
    expect(step.summary).toContain('❌ step 1, 50 %: failed');
    expect(judgingOf(step).steps.at(-1)).toMatchObject({ at: 1, verdict: 'failed', weight: 50 });
    expect(await imageOf(at(shop))).toContain('a1');
    expect((await shop.recordOf(2)).steps?.undo).toMatchObject({ by: 'judgement' });
  });

  it('waits where too little was seen, and goes on by a decision', async () => {
    const [shop, step] = await release('judged-unknown', 100, 10_000_000);
    expect(outcome(step)).toBe('succeeded');
    expect(step.outputs).toMatchObject({ verdict: 'open', 'waiting-for': 'step-1' });
    expect(judgingOf(step).steps.at(-1)).toMatchObject({ verdict: 'inconclusive' });
    const before = await stableOf(at(shop));
    const inputs = { release: '2', 'may-wait': 'true', prometheus: prometheus.address };
    const decided = await shop.verify({ ...inputs, decision: 'continue step-1' });
    expect(outcome(decided)).toBe('succeeded');
    expect(decided.outputs).toMatchObject({ 'waiting-for': 'commit' });
    expect(await stableOf(at(shop))).toEqual(before);
  });

  it('passes where it does as well, and is committed', async () => {
    const [shop, step] = await release('judged-good', 2);
    expect(outcome(step)).toBe('succeeded');
    expect(step.outputs).toMatchObject({ verdict: 'open', 'waiting-for': 'commit' });
    const [judged] = judgingOf(step).steps.slice(-1);
    expect(judged).toMatchObject({ verdict: 'passed', checks: [{ name: 'errors', verdict: 'passed' }] });
    expect(outcome(await shop.verify({ release: '2', decision: 'continue commit' }))).toBe('succeeded');
    expect(await imageOf(at(shop))).toContain('a2');
    expect(Object.keys(await writtenIn(at(shop))).join()).not.toContain('next');
  });
});
