import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { SlipwayError } from '@slipway/core';
import { closeRelease } from '@slipway/release';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { deploy, recordOf, requestFor } from '@slipway/testkit/releases';
import { untilReady } from '../../packages/release/test/support/in-steps.ts';
import { GOOD, type Metrics } from './play.ts';
import { type Inputs, type Scenario, type Stage, saidBy } from './scenario.ts';

export interface Theatre {
  readonly client: ClusterClient;
  readonly kubeconfig: string;
  readonly metrics: Metrics;
  readonly prometheus: string;
  /** The folder of the action verify-rollout, with its bundle. */
  readonly action: string;
  /** For what steps write. */
  readonly directory: string;
}

export interface Played {
  readonly found: string;
  readonly wrong: string;
  readonly seconds: number;
}

const clock = (): Date => new Date();
const TIMES = { 'stable-for': '2s', timeout: '40s' };
const LOOK_EVERY = 200;

/** Plays a scenario in a namespace of its own, and says whether it ended as it has to. */
export async function playScenario(scenario: Scenario, namespace: string, theatre: Theatre): Promise<Played> {
  const { client, metrics } = theatre;
  await createNamespace(client, namespace);
  metrics.set(namespace, { stable: GOOD, next: GOOD });
  try {
    const request = { strategy: scenario.strategy, verify: { checks: scenario.checks ?? [] } };
    const { release } = await deploy(client, requestFor(namespace, scenario.before as never, request));
    for (const { kind, metadata } of scenario.before)
      if (kind === 'Deployment') await untilReady(client, namespace, metadata.name);
    await closeRelease(client, release, 'succeeded', clock);
    const before = await stableOf(client, namespace, scenario);
    if (scenario.play !== undefined) metrics.set(namespace, scenario.play);
    const began = performance.now();
    await deploy(client, requestFor(namespace, scenario.objects as never, request));
    const stage = stageOf(scenario, namespace, theatre);
    const found = await (scenario.act ?? look)(stage);
    const seconds = (performance.now() - began) / 1000;
    return { found, wrong: await wrongIn(scenario, stage, found, before), seconds };
  } finally {
    metrics.forget(namespace);
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  }
}

async function look(stage: Stage): Promise<string> {
  return await saidBy(stage, await stage.verify());
}

async function wrongIn(scenario: Scenario, stage: Stage, found: string, before: string): Promise<string> {
  const { steps } = await stage.record(2);
  const after = await stableOf(stage.client, stage.namespace, scenario);
  const why = steps?.undo?.why ?? (steps?.results ?? []).map(({ summary }) => summary).join('; ');
  const isKept = scenario.isCommitted === true || before === after;
  return [
    found === scenario.expected ? '' : `found ${found}, expected ${scenario.expected} (${why})`,
    scenario.reason === undefined || scenario.reason.test(why) ? '' : `the reason is: ${why}`,
    isKept ? '' : `stable was written: ${before}, then ${after}`,
    ...(await leftIn(stage)),
  ]
    .filter(text => text !== '')
    .join('; ');
}

/** A closed release leaves no copy. */
async function leftIn({ client, namespace, record }: Stage): Promise<string[]> {
  if ((await record(2)).verdict === undefined) return [];
  const newest = await record(3).catch(() => undefined);
  if (newest !== undefined && newest.verdict === undefined) return [];
  const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace });
  return items
    .filter(({ metadata }) => metadata.name.endsWith('-next'))
    .map(({ metadata }) => `${metadata.name} is left`);
}

/** UIDs and generations of what serves. */
async function stableOf(
  client: ClusterClient,
  namespace: string,
  { before }: Pick<Scenario, 'before'>,
): Promise<string> {
  const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace });
  const names = new Set(before.map(({ metadata }) => metadata.name));
  return items
    .filter(({ metadata }) => names.has(metadata.name))
    .map(({ metadata }) => `${metadata.name} ${metadata['uid']} ${metadata['generation']}`)
    .join(', ');
}

function stageOf(scenario: Scenario, namespace: string, theatre: Theatre): Stage {
  const { client, metrics } = theatre;
  const record: Stage['record'] = number => recordOf(client, namespace, number);
  const verify: Stage['verify'] = (inputs = {}, more = {}) =>
    runBundle(theatre, { namespace, ...prometheusOf(scenario, theatre), ...inputs }, more);
  return {
    ...{ client, namespace, admin: theatre.kubeconfig, record, verify },
    play: play => metrics.set(namespace, play),
    async verifyWhile(hasCome, work, inputs) {
      const kill = new AbortController();
      const verifying = verify(inputs, { signal: kill.signal });
      await until(async () => hasCome(await record(2)));
      await work(kill);
      return await verifying;
    },
    async deploy(objects) {
      const request = { strategy: scenario.strategy, verify: { checks: scenario.checks ?? [] } };
      try {
        await deploy(client, requestFor(namespace, objects as never, request), undefined, {
          lockTimeout: 90_000,
        });
        return [];
      } catch (error) {
        if (error instanceof SlipwayError) return error.problems.map(({ code }) => code);
        throw error;
      }
    },
  };
}

function prometheusOf({ checks = [], prometheus }: Scenario, theatre: Theatre): Inputs {
  return checks.length === 0 ? {} : { prometheus: prometheus ?? theatre.prometheus };
}

async function runBundle(
  { action, directory, kubeconfig }: Theatre,
  inputs: Inputs,
  more: { readonly signal?: AbortSignal },
): Promise<StepResult> {
  const folder = mkdtempSync(join(directory, 'job-'));
  const job = createJob({ workspace: folder, directory: folder, path: process.env['PATH'] ?? '' });
  await sleep(LOOK_EVERY);
  return await runStep(job, { action, inputs: { release: '2', kubeconfig, ...TIMES, ...inputs }, ...more });
}
