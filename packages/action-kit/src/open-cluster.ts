import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterClient, KubeconfigSource } from '@slipway/cluster';
import { defined, type RecordKeys } from '@slipway/core';
import { type Runner, withGrace } from '@slipway/github';
import type { ClusterInputs } from './inputs/cluster-inputs.ts';
import { jobFacts } from './job-facts.ts';

/** What is known of the destination whose cluster is opened. */
export interface ClusterDestination {
  /** Undefined or empty for plain manifests without one. */
  readonly name: string | undefined;
  /** The context that the formation names; empty without one. */
  readonly context: string;
}

/**
 * The cluster of the inputs, else of the destination. With a record key, its records must carry the key's MAC.
 * @throws SlipwayError `kubeconfig-…`, `cluster-…`
 */
export async function openCluster(
  inputs: ClusterInputs & { readonly recordKeys: RecordKeys | undefined },
  { name, context }: ClusterDestination,
  runner: Runner,
): Promise<ClusterClient> {
  // Loaded late, so that mistakes in inputs and files are reported without them, and actions without a cluster start without them.
  const { withRecordKeys } = await import('@slipway/release');
  // A cancelled run still notes what it has written, closes its record and releases its lock.
  const client = await reachCluster(inputs, context, { ...runner, signal: withGrace(runner.signal) });
  const { recordKeys: keys } = inputs;
  return withRecordKeys(client, keys && { keys, destination: name || undefined });
}

/**
 * The same cluster for a run that has no records in it.
 *
 * @param context what the formation names; empty without one
 * @throws SlipwayError `kubeconfig-…`, `cluster-…`
 */
export async function reachCluster(
  inputs: ClusterInputs,
  context: string,
  runner: Runner,
): Promise<ClusterClient> {
  const { connectCluster } = await import('@slipway/cluster');
  const { signal, logger } = runner;
  const source = kubeconfigSource(inputs, context, runner);
  return await connectCluster({ ...source, signal, logger, ...defined({ runFor: inputs.runFor }) });
}

/** Whether a kubeconfig is given at all; whether it can be used is found out when it is. */
export function hasKubeconfig(
  { kubeconfig }: ClusterInputs,
  { environment }: Pick<Runner, 'environment'>,
): boolean {
  const { KUBECONFIG, HOME } = environment;
  return Boolean(kubeconfig || KUBECONFIG || (HOME && existsSync(join(HOME, '.kube/config'))));
}

/** Whether a cluster could be opened, before work is done that would be in vain without it. */
export async function checkClusterAccess(
  inputs: ClusterInputs,
  { context }: Pick<ClusterDestination, 'context'>,
  runner: Runner,
): Promise<void> {
  const { checkKubeconfig } = await import('@slipway/cluster');
  await checkKubeconfig(kubeconfigSource(inputs, context, runner));
}

function kubeconfigSource(inputs: ClusterInputs, context: string, runner: Runner): KubeconfigSource {
  const { environment, workspace, exec } = runner;
  return {
    kubeconfig: inputs.kubeconfig,
    context: inputs.context || context,
    environment,
    workspace,
    runPlugin: (command, args, options) =>
      exec(command, args, { environment: options.environment, cwd: options.directory, input: '' }),
    secretNames: inputs.secretNames ?? [],
    job: jobFacts(runner),
  };
}
