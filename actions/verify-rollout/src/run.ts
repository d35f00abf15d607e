import { openCluster } from '@slipway/action-kit';
import type { ClusterClient } from '@slipway/cluster';
import { defined, Problems, SlipwayError, type Verdict } from '@slipway/core';
import { type Runner, withoutGrowth } from '@slipway/github';
import type { PrometheusAddress } from '@slipway/rollout';
import type { VerifyContext } from './context.ts';
import type { VerifyErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { readOwn } from './plan/declared.ts';
import { isSuccess } from './steps/outcome.ts';
import type { Ending } from './tell/ending.ts';
import { publish } from './tell/publish.ts';
import { verifyObjects } from './verify-objects.ts';
import { verifyOpenRelease, verifyRelease } from './verify-release.ts';
import { findIdentity, type Identity } from './what/find-identity.ts';

/** @throws SlipwayError for every verdict but success, after all outputs are set */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  if (inputs.prometheus !== undefined) maskPrometheus(inputs.prometheus, runner);
  const { identity, own, client } = await prepare(inputs, runner);
  try {
    const ending = await withoutGrowth(() => verify(client, { inputs, identity, own, runner }));
    if (ending === undefined) return;
    await publish(ending, runner);
    if (!isSuccess(ending, inputs.steps.decision)) throw failure(ending);
  } finally {
    client.close();
  }
}

/** @returns undefined where there is nothing to say a verdict about, or none yet */
async function verify(client: ClusterClient, context: VerifyContext): Promise<Ending | undefined> {
  const { subject } = context.inputs;
  if (subject.kind === 'release') return await verifyRelease(client, subject.number, context);
  if (subject.kind === 'open-release') return await verifyOpenRelease(client, context);
  return await verifyObjects(client, subject, context);
}

/** @throws SlipwayError with what is wrong with the files of the inputs, of the application, and with the way to the cluster */
async function prepare(
  inputs: Inputs,
  runner: Runner,
): Promise<Pick<VerifyContext, 'identity' | 'own'> & { readonly client: ClusterClient }> {
  const problems = new Problems();
  const own = await problems.collect(() => readOwn(inputs, runner.workspace));
  const identity = await problems.collect(() => findIdentity(inputs, runner));
  // Which cluster is meant is known with the identity only.
  const client = identity && (await problems.collect(() => open(inputs, identity, runner)));
  if (own !== undefined && identity !== undefined && client !== undefined) return { own, identity, client };
  client?.close();
  problems.throwIfAny();
  throw new TypeError('something is missing, and nothing is wrong');
}

function open(
  inputs: Inputs,
  { destination: name, context }: Identity,
  runner: Runner,
): Promise<ClusterClient> {
  const runFor = inputs.timeout ?? inputs.deadline;
  return openCluster({ ...inputs, ...defined({ runFor }), context }, { name, context }, runner);
}

function maskPrometheus({ address, token }: PrometheusAddress, runner: Runner): void {
  const password = URL.canParse(address) ? new URL(address).password : '';
  for (const secret of [token, password]) if (secret !== '') runner.mask(secret);
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
  return new SlipwayError({ code, message: summary, isInSummary: true, ...defined({ at }) });
}
