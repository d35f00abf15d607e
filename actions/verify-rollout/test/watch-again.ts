import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import { type Release, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { watchedObjects } from '@slipway/release';
import { type RolloutOptions, type RolloutResult, watchRollout } from '@slipway/rollout';
import type { TestbedCluster } from '@slipway/testbed';

const run = promisify(execFile);

/** What verify-rollout would see of a release now. */
export function watchAgain(
  client: ClusterClient,
  release: Release,
  options: Partial<RolloutOptions> = {},
): Promise<RolloutResult> {
  return watchRollout({
    client,
    objects: watchedObjects(client, release),
    stableFor: 0,
    timeout: 30_000,
    clock: () => new Date(),
    signal: new AbortController().signal,
    logger: silentLogger,
    ...options,
  });
}

/** Someone runs kubectl; `object` is the file of its last argument `-f`. */
export async function runKubectl(
  { kubectl, kubeconfig }: Pick<TestbedCluster, 'kubectl' | 'kubeconfig'>,
  namespace: string,
  args: readonly string[],
  object?: KubernetesObject,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-'));
  const file = join(folder, 'object.json');
  if (object !== undefined) writeFileSync(file, JSON.stringify(object));
  await run(kubectl, ['--namespace', namespace, ...args, ...(object === undefined ? [] : [file])], {
    env: { KUBECONFIG: kubeconfig, KUBECACHEDIR: folder },
  });
}
