import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { TestbedCluster } from '@slipway/testbed';
import { connect } from '@slipway/testkit/cluster';
import { type Answer, askKubectl, TIMEOUT_SECONDS } from './answers.ts';
import type { Scenario } from './scenarios.ts';
import { setStage } from './set-stage.ts';

const run = promisify(execFile);

/** What `helm upgrade --install --wait` says of the same objects, in a namespace of its own; its time includes that it applies them. */
export async function askHelm(
  scenario: Scenario,
  namespace: string,
  cluster: TestbedCluster,
  helm: string,
): Promise<Answer | undefined> {
  if (scenario.verdict === 'superseded') return undefined;
  const { given, before, beforeTakes = TIMEOUT_SECONDS, between, objects, after, meanwhile } = scenario;
  const home = mkdtempSync(join(tmpdir(), 'slipway-helm-'));
  const client = await connect(cluster.kubeconfig);
  const upgrade = (wait: readonly string[]) =>
    run(
      helm,
      ['upgrade', '--install', 'shop', home, '-n', namespace, '--kubeconfig', cluster.kubeconfig, ...wait],
      { env: { HOME: home, PATH: process.env['PATH'] } },
    );
  try {
    await setStage({ client, namespace }, given);
    if (before !== undefined) {
      writeChart(home, before);
      await upgrade([]);
      await askKubectl({ objects: before }, { namespace }, cluster, beforeTakes);
    }
    await between?.({ client, namespace });
    writeChart(home, objects);
    const happens = [after, meanwhile].filter(happen => happen !== undefined);
    const started = performance.now();
    const answer = upgrade(['--wait', `--timeout=${TIMEOUT_SECONDS}s`]).then(
      () => 'success',
      ({ stderr }: { stderr: string }) =>
        /deadline exceeded|timed out/i.test(stderr) ? 'still waiting' : 'failed',
    );
    const [said] = await Promise.all([
      answer.then(words => ({ said: words, seconds: (performance.now() - started) / 1000 })),
      sleep(happens.length === 0 ? 0 : APPLIES).then(async () => {
        for (const happen of happens) await happen({ client, namespace });
      }),
    ]);
    return said;
  } finally {
    client.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Helm has applied its objects by then. */
const APPLIES = 2_000;

function writeChart(folder: string, objects: readonly KubernetesObject[]): void {
  const templates = join(folder, 'templates');
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  writeFileSync(join(templates, 'all.yaml'), objects.map(object => JSON.stringify(object)).join('\n---\n'));
}
