import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import { parseVerdict, type Release } from '@slipway/core';
import type { TestbedCluster } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import type { Scenario } from './scenarios.ts';
import { setStage } from './set-stage.ts';

const run = promisify(execFile);
const ACTION = resolve(import.meta.dirname, '../actions/verify-rollout');
const STABLE_SECONDS = 10;
export const TIMEOUT_SECONDS = 30;
/** The kinds whose rollout kubectl can follow. */
const ROLLOUTS = ['Deployment', 'StatefulSet', 'DaemonSet'];

export interface Answer {
  readonly said: string;
  readonly seconds: number;
}

export interface SlipwayAnswer extends Answer {
  readonly summary: string;
  /** The text of verdict.json. */
  readonly report: string;
}

/** Deploys a scenario into a namespace of its own, after the release that it is to follow, if any. */
export async function deployScenario(
  scenario: Scenario,
  namespace: string,
  cluster: TestbedCluster,
): Promise<Release> {
  const client = await connect(cluster.kubeconfig);
  const { before, beforeTakes = TIMEOUT_SECONDS, given, between, after } = scenario;
  try {
    await setStage({ client, namespace }, given);
    if (before !== undefined) {
      const earlier = await deployObjects(client, { namespace }, before);
      await askKubectl({ objects: before }, earlier, cluster, beforeTakes);
      await close(client, earlier);
    }
    await between?.({ client, namespace });
    const release = await deployOrStop(scenario, client, namespace);
    await after?.({ client, namespace });
    return release;
  } finally {
    client.close();
  }
}

/** The record of a release that deploy could not finish is verified, too. */
async function deployOrStop(
  { objects, deployTakes }: Scenario,
  client: ClusterClient,
  namespace: string,
): Promise<Release> {
  if (deployTakes === undefined) return await deployObjects(client, { namespace }, objects);
  const deploying = deployObjects(client, { namespace, timeout: deployTakes }, objects);
  await deploying.catch(() => {});
  return await recordOf(client, namespace, 1);
}

/** What verify-rollout's bundle says of a release. */
export async function askSlipway(
  { namespace, number }: Release,
  { kubeconfig }: TestbedCluster,
  more: Readonly<Record<string, string>> = {},
  action: string = ACTION,
): Promise<SlipwayAnswer> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-scenario-'));
  try {
    const job = createJob({ workspace: directory, directory, path: process.env['PATH'] ?? '' });
    const times = { 'stable-for': `${STABLE_SECONDS}s`, timeout: `${TIMEOUT_SECONDS}s` };
    const inputs = { release: String(number), namespace, kubeconfig, ...times, ...more };
    const step = await runStep(job, { action, inputs });
    const path = step.outputs['report'] ?? '';
    if (path === '') throw new Error(step.log);
    const report = readFileSync(path, 'utf8');
    const { verdict, summary } = parseVerdict(report, path);
    return { said: verdict, seconds: step.milliseconds / 1000, summary, report };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What `kubectl rollout status` says of a release's first object; undefined where it does not know the kind. */
export async function askKubectl(
  { objects: [object] }: Pick<Scenario, 'objects'>,
  { namespace }: Pick<Release, 'namespace'>,
  { kubectl, kubeconfig }: TestbedCluster,
  timeoutSeconds: number = TIMEOUT_SECONDS,
): Promise<Answer | undefined> {
  if (object === undefined || !ROLLOUTS.includes(object.kind)) return undefined;
  const started = performance.now();
  const asked = ['rollout', 'status', `${object.kind}/${object.metadata.name}`];
  const access = [`--kubeconfig=${kubeconfig}`, `--namespace=${namespace}`];
  const said = await run(kubectl, [...access, ...asked, `--timeout=${timeoutSeconds}s`]).then(
    () => 'success',
    ({ stderr }: { stderr: string }) => (/timed out/.test(stderr) ? 'still waiting' : 'failed'),
  );
  return { said, seconds: (performance.now() - started) / 1000 };
}
