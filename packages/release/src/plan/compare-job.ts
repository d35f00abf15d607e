import { type Problem, textMap } from '@slipway/core';
import { describeObject, type KubernetesObject, PART_OF, referenceTo } from '@slipway/kubernetes';
import { bodyOf, stampOf } from '../objects/body.ts';
import { hasCompleted, jobFate } from '../objects/jobs.ts';
import { foreignProblem, markedOwner } from '../refusals/owners.ts';
import type { CompareContext, Compared } from './compared.ts';
import { afterDeletion } from './terminating.ts';
import { dryRun, mayTryOut } from './try-out.ts';

/** A Job of that name that someone else created does not show that ours has run, and must not be deleted. */
function collectStranger(
  { set, request }: CompareContext,
  live: KubernetesObject,
  problems: Problem[],
): void {
  const owner = markedOwner(live, set);
  if (owner !== undefined && !request.adopt) problems.push(foreignProblem(live, owner));
  const isMember = textMap(live.metadata['labels'] ?? null)[PART_OF] === set;
  if (isMember || request.adopt || owner !== undefined) return;
  problems.push({
    code: 'object-foreign',
    message: `${describeObject(referenceTo(live))} already exists and was not created by this formation`,
    remedy: 'find out who created it, and delete it',
  });
}

/** What applying would do to a Job. It is named by its content, so it either exists unchanged or does not exist. */
export async function compareJob(
  context: CompareContext,
  job: KubernetesObject,
  live: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const dying = live !== undefined && !hasCompleted(live) ? afterDeletion(live) : undefined;
  const action = jobFate(job, live, context.jobs);
  if (live !== undefined) collectStranger(context, live, problems);
  if (dying !== undefined) return dying;
  switch (action) {
    case 'skip':
      return { action, note: 'has already run' };
    case 'unchanged':
      return { action, live, answer: live };
    case 'replace':
      return { action, live, note: 'failed before' };
    case 'create':
      if (!mayTryOut(context, job)) return { action, merged: true };
      return {
        action,
        answer: (await dryRun(context, bodyOf(job, context.set, stampOf(undefined)))).object,
      };
  }
}
