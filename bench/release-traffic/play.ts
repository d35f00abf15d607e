import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { textAt } from '@slipway/kubernetes';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { createNamespace } from '@slipway/testkit/cluster';
import { APPLICATION, FORMATION, recordOf } from '@slipway/testkit/releases';
import type { Outcome } from '../selector-traffic/figures.ts';
import type { ClientNetwork } from '../selector-traffic/network.ts';
import { application, type Ending, type Play } from './plays.ts';
import { type Seen, seenOf } from './seen.ts';
import { follow } from './timeline.ts';

export interface Stage {
  readonly client: ClusterClient;
  readonly kubeconfig: string;
  /** The folder with the actions, and one for what is written. */
  readonly actions: string;
  readonly directory: string;
  readonly network: ClientNetwork;
  /** The program that the clients are, and the image with the same program for the pods. */
  readonly traffic: string;
  readonly image: string;
}

/** The rules of a new Service reach the kernel within kube-proxy's second. */
const SETTLES = 5_000;
/** Milliseconds that are looked at after the release, in which its last pods end. */
const AFTER = 15_000;
const TIMES = { 'stable-for': '3s', timeout: '90s' };

/** Plays a release in a namespace of its own. @throws Error if it ends with another verdict than it has to */
export async function playRelease(
  play: Play,
  ending: Ending,
  namespace: string,
  stage: Stage,
): Promise<Seen> {
  const { client, directory, network, traffic } = stage;
  await createNamespace(client, namespace);
  const own = { namespace, play, ending, stage };
  // Without the strategy its pods would lack the label by which the next release may go in steps.
  await release(own, 1, 'old');
  const service = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' });
  const file = join(directory, `${namespace}.jsonl`);
  const output = openSync(file, 'w');
  await wait(SETTLES);
  const address = textAt(service ?? {}, 'spec', 'clusterIP');
  const load = network.start(traffic, ['load', `--address=${address}:80`], output);
  const stop = new AbortController();
  const following = follow(client, namespace, stop.signal);
  await wait(SETTLES);
  const began = Date.now();
  try {
    await release(own, 2, 'new');
    await wait(AFTER);
  } finally {
    stop.abort();
    load.kill('SIGTERM');
    await new Promise(resolve => load.once('exit', resolve));
    closeSync(output);
  }
  const ended = Date.now() - 1;
  const { verdict } = await recordOf(client, namespace, 2);
  if (verdict !== play.verdict) throw new Error(`${play.name} ended as ${verdict}`);
  const outcomes = readFileSync(file, 'utf8').trim().split('\n').map(parsed);
  const timeline = await following;
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  return seenOf(outcomes, timeline, { began, ended });
}

function parsed(line: string): Outcome {
  return JSON.parse(line) as Outcome;
}

interface Own {
  readonly namespace: string;
  readonly play: Play;
  readonly ending: Ending;
  readonly stage: Stage;
}

/** What a workflow does: deploy, then verify-rollout. */
async function release(
  { namespace, play, ending, stage }: Own,
  number: number,
  version: 'old' | 'new',
): Promise<void> {
  const workspace = mkdtempSync(join(stage.directory, 'job-'));
  const objects = application(version, stage.image, ending, version === 'new' ? play.args : []);
  mkdirSync(join(workspace, 'out'));
  const documents = objects.map(object => JSON.stringify(object));
  writeFileSync(join(workspace, 'out/all.yaml'), documents.join('\n---\n'));
  const job = createJob({ workspace, directory: workspace, path: process.env['PATH'] ?? '' });
  const common = { application: APPLICATION, formation: FORMATION, namespace, kubeconfig: stage.kubeconfig };
  const strategy = play.strategy === undefined ? {} : { strategy: JSON.stringify(play.strategy) };
  const run = (name: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
    runStep(job, { action: join(stage.actions, name), inputs: { ...common, ...inputs } });
  const deployed = await run('deploy', { manifests: 'out', ...strategy });
  if (deployed.exitCode !== 0) throw new Error(deployed.log);
  const verified = await run('verify-rollout', { release: String(number), ...TIMES });
  const isMeant = (verified.exitCode === 0) === (number === 1 || play.verdict === 'succeeded');
  if (!isMeant) throw new Error(verified.log);
}
