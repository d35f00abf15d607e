import { defined, type Release } from '@slipway/core';
import type { Decision } from '@slipway/steps';
import type { VerifyContext } from '../context.ts';
import { type Asking, askAtGitHub } from './asking.ts';
import { barredPauses, type Deciders, findDeciders } from './deciders.ts';
import type { GivenDecision } from './steps-inputs.ts';
import { tellUnapproved } from './unapproved.ts';

/** What is decided, and by whom, as the record keeps it. A `reject` asks no one. */
export async function readDecision(
  given: GivenDecision,
  release: Release,
  context: VerifyContext,
): Promise<Decision> {
  const { what, name } = given;
  if (what === 'reject') return { what, barred: {}, as: recordedAs(context) };
  const asking = await askAtGitHub(context);
  const deciders = await findDeciders(asking);
  const { steps, actor } = release;
  const barred = steps === undefined ? {} : await barredPauses(steps, deciders, actor, asking.includes);
  if (!needsPeople(release)) await tellIfUnapproved(deciders, asking, context);
  return { what, name, barred, as: recordedAs(context, deciders) };
}

/** Whether a step says who decides; then who does not may not. */
function needsPeople({ steps }: Release): boolean {
  return (steps?.list ?? []).some(({ by, not }) => by !== undefined || not !== undefined);
}

/** Where anyone may decide, a job that no one had to approve decides too, and that is said. */
async function tellIfUnapproved(deciders: Deciders, asking: Asking, context: VerifyContext): Promise<void> {
  const { approved, dispatched } = deciders;
  const { logger } = context.runner;
  if (approved.length > 0) return logger.info(`This decision was approved by ${approved.join(' and ')}`);
  if (dispatched === undefined) await tellUnapproved(deciders, asking, context.runner);
}

export function recordedAs(
  { runner, inputs }: Pick<VerifyContext, 'runner' | 'inputs'>,
  deciders?: Deciders,
): Decision['as'] {
  const { actor, runUrl } = runner.context;
  const approved = deciders?.approved ?? [];
  return {
    actor: runner.environment['GITHUB_TRIGGERING_ACTOR'] || actor || 'someone',
    run: runUrl,
    ...(approved.length === 0 ? {} : { 'approved-by': [...approved] }),
    ...defined({ reason: inputs.reason || undefined }),
  };
}
