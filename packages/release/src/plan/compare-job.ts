import { type Problem, textMap } from '@slipway/core';
import { describeObject, type KubernetesObject, PART_OF, referenceTo } from '@slipway/kubernetes';
import { bodyOf, stampOf } from '../objects/body.ts';
import { jobFate } from '../objects/jobs.ts';
import { collectForeign, foreignOwner } from '../refusals/owners.ts';
import type { CompareContext, Compared } from './compared.ts';
import { dryRun, mayTryOut } from './try-out.ts';

/** A Job that somebody else made under the name says nothing of whether ours has run, and is not ours to delete. */
function collectStranger(
  { set, request }: CompareContext,
  live: KubernetesObject,
  problems: Problem[],
): void {
  collectForeign(live, set, request, problems);
  const isMember = textMap(live.metadata['labels'] ?? null)[PART_OF] === set;
  if (isMember || request.adopt || foreignOwner(live, set) !== undefined) return;
  problems.push({
    code: 'object-foreign',
    message: `${describeObject(referenceTo(live))} stands already, and nothing says that this formation made it`,
    remedy: 'find out who made it, and remove it',
  });
}

/** What becomes of a Job, which is named by its content and so either stands as it is or does not stand. */
export async function compareJob(
  context: CompareContext,
  job: KubernetesObject,
  live: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const action = jobFate(job, live, context.jobs);
  if (live !== undefined) collectStranger(context, live, problems);
  switch (action) {
    case 'skip':
      return { action, note: 'has run' };
    case 'unchanged':
      return { action, live, answer: live };
    case 'replace':
      return { action, live, note: 'failed before' };
    case 'create':
      if (!mayTryOut(context, job)) return { action, merged: true };
      return {
        action,
        answer: (await dryRun(context, bodyOf(job, context.set, stampOf(undefined)), undefined)).object,
      };
  }
}
