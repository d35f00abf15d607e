import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BaseImages,
  type OwnParts,
  pushBaseImages,
  type Surroundings,
  startTestbed,
  type Testbed,
} from '@slipway/testbed';

const run = promisify(execFile);

/** Where the shop goes: contexts of one cluster, each destination in a namespace of its own. */
export const DESTINATIONS = [
  { context: 'staging', namespace: 'shop-staging' },
  { context: 'prod-eu', namespace: 'shop-eu' },
  { context: 'prod-us', namespace: 'shop-us' },
] as const;

/** A testbed made ready for the shop. */
export interface Stage {
  readonly testbed: Testbed;
  /** The shop's repository and the folders of jobs are here; it is removed with the testbed. */
  readonly directory: string;
  readonly kubeconfig: string;
  readonly registry: string;
  readonly images: BaseImages;
  /** The PATH with the testbed's programs in front. */
  readonly path: string;
  /** What a step needs to find the builder. */
  readonly builder: Readonly<Record<string, string>>;
  kubectl(...args: readonly string[]): Promise<string>;
}

export interface StageOptions {
  readonly surroundings: Surroundings;
  readonly use?: OwnParts;
  /** Under which `npm run testbed` finds the testbed after this process; without one it ends with it. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/** Starts a cluster, a registry with the base images of the shop, and a builder. */
export async function setStage({ surroundings, ...options }: StageOptions): Promise<Stage> {
  const testbed = await startTestbed(
    { parts: ['cluster', 'registry', 'buildkit'], ...options },
    surroundings,
  );
  try {
    return await furnish(testbed, surroundings);
  } catch (error) {
    await testbed.stop();
    throw error;
  }
}

async function furnish(testbed: Testbed, surroundings: Surroundings): Promise<Stage> {
  const { cluster, registry, buildkit } = testbed;
  if (!cluster || !registry || !buildkit) throw new Error('the testbed came up without all of its parts');
  const directory = join(testbed.directory, 'shop');
  await mkdir(directory);
  const kubeconfig = join(directory, 'kubeconfig');
  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await run(cluster.kubectl, ['--kubeconfig', kubeconfig, ...args], { maxBuffer: 1 << 26 })).stdout;
  await copyFile(cluster.kubeconfig, kubeconfig);
  await chmod(kubeconfig, 0o600);
  await kubectl('config', 'rename-context', 'testbed', 'staging');
  for (const context of ['prod-eu', 'prod-us'])
    await kubectl('config', 'set-context', context, '--cluster=testbed', `--user=${await userOf(kubectl)}`);
  const [images] = await Promise.all([
    pushBaseImages(registry, surroundings),
    ...DESTINATIONS.map(({ namespace }) => kubectl('create', 'namespace', namespace)),
  ]);
  return {
    testbed,
    directory,
    kubeconfig,
    registry: registry.address,
    images,
    path: [dirname(cluster.kubectl), dirname(buildkit.buildctl), surroundings.environment['PATH']].join(':'),
    builder: { BUILDKIT_HOST: buildkit.address },
    kubectl,
  };
}

async function userOf(kubectl: Stage['kubectl']): Promise<string> {
  return await kubectl('config', 'view', '-o', 'jsonpath={.contexts[0].context.user}');
}
