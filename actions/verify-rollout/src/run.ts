import { type ClusterClient, connectCluster } from '@slipway/cluster';
import { SlipwayError, type Verdict } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { withRecordKeys } from '@slipway/release';
import type { PrometheusAddress } from '@slipway/rollout';
import type { Ending } from './ending.ts';
import type { VerifyErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { findPlace, type Place } from './place.ts';
import { publish } from './publish.ts';
import { verifyObjects } from './verify-objects.ts';
import { verifyRelease } from './verify-release.ts';

export { type Inputs, readInputs } from './inputs.ts';

/** @throws SlipwayError for every verdict but success, after all outputs are set */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  if (inputs.prometheus !== undefined) maskPrometheus(inputs.prometheus, runner);
  const place = await findPlace(inputs, runner);
  const client = await connect(inputs, place, runner);
  try {
    const { subject } = inputs;
    const ending =
      subject.kind === 'release'
        ? await verifyRelease(client, subject.number, { inputs, place, runner })
        : await verifyObjects(client, subject, { inputs, place, runner });
    await publish(ending, runner);
    if (ending.verdict.verdict !== 'succeeded') throw failure(ending);
  } finally {
    client.close();
  }
}

function maskPrometheus({ address, token }: PrometheusAddress, runner: Runner): void {
  const password = URL.canParse(address) ? new URL(address).password : '';
  for (const secret of [token, password]) if (secret !== '') runner.mask(secret);
}

/** With a record-key, the records of the cluster have to bear its MAC. */
async function connect(
  { kubeconfig, recordKeys: keys }: Inputs,
  { context, destination }: Place,
  runner: Runner,
): Promise<ClusterClient> {
  const { environment, workspace, signal, logger } = runner;
  const client = await connectCluster({
    kubeconfig,
    context,
    environment,
    workspace,
    signal,
    logger,
    runPlugin: (command, args, { environment, directory }) =>
      runner.exec(command, args, { environment, cwd: directory }),
  });
  return withRecordKeys(client, keys && { keys, destination: destination || undefined });
}

const CODES: Readonly<Record<Exclude<Verdict['verdict'], 'succeeded'>, VerifyErrorCode>> = {
  failed: 'rollout-failed',
  'timed-out': 'rollout-timed-out',
  superseded: 'rollout-superseded',
  'rolled-back': 'rolled-back',
  'rollback-failed': 'rollback-failed',
};

function failure({ verdict: { verdict, summary }, at }: Ending): SlipwayError<VerifyErrorCode> {
  const code = verdict === 'succeeded' ? 'rollout-failed' : CODES[verdict];
  return new SlipwayError({ code, message: summary, ...(at === undefined ? {} : { at }) });
}
