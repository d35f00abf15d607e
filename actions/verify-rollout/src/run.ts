import { openCluster } from '@slipway/action-kit';
import { defined, SlipwayError, type Verdict } from '@slipway/core';
import { type Runner, withoutGrowth } from '@slipway/github';
import type { PrometheusAddress } from '@slipway/rollout';
import type { VerifyErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Ending } from './tell/ending.ts';
import { publish } from './tell/publish.ts';
import { verifyObjects } from './verify-objects.ts';
import { verifyRelease } from './verify-release.ts';
import { findIdentity } from './what/find-identity.ts';

export { type Inputs, readInputs } from './inputs.ts';
export { post } from './post.ts';

/** @throws SlipwayError for every verdict but success, after all outputs are set */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  if (inputs.prometheus !== undefined) maskPrometheus(inputs.prometheus, runner);
  const identity = await findIdentity(inputs, runner);
  const { destination: name, context } = identity;
  const client = await openCluster({ ...inputs, context }, { name, context }, runner);
  try {
    const { subject } = inputs;
    const ending = await withoutGrowth(() =>
      subject.kind === 'release'
        ? verifyRelease(client, subject.number, { inputs, identity, runner })
        : verifyObjects(client, subject, { inputs, identity, runner }),
    );
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

const CODES: Readonly<Record<Exclude<Verdict['verdict'], 'succeeded'>, VerifyErrorCode>> = {
  failed: 'rollout-failed',
  'timed-out': 'rollout-timed-out',
  superseded: 'rollout-superseded',
  'rolled-back': 'rolled-back',
  'rollback-failed': 'rollback-failed',
};

function failure({ verdict: { verdict, summary }, at }: Ending): SlipwayError<VerifyErrorCode> {
  const code = verdict === 'succeeded' ? 'rollout-failed' : CODES[verdict];
  return new SlipwayError({ code, message: summary, ...defined({ at }) });
}
