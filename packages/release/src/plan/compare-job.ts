import type { KubernetesObject, Problem } from '@slipway/core';
import { bodyOf, stampOf } from '../objects/body.ts';
import { jobFate } from '../objects/jobs.ts';
import { collectForeign } from '../refusals/owners.ts';
import type { CompareContext, Compared } from './compared.ts';
import { dryRun, mayTryOut } from './try-out.ts';

/** What becomes of a Job, which is named by its content and so either stands as it is or does not stand. */
export async function compareJob(
  context: CompareContext,
  job: KubernetesObject,
  live: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const action = jobFate(job, live, context.jobs);
  if (live !== undefined) collectForeign(live, context.set, context.request, problems);
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
