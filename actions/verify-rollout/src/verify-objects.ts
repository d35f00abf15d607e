import type { ClusterClient } from '@slipway/cluster';
import { throwIfAny } from '@slipway/core';
import { termsProblems } from '@slipway/rollout';
import type { VerifyContext } from './context.ts';
import type { Subject } from './inputs.ts';
import { planWatch } from './plan/watch-plan.ts';
import type { Ending } from './tell/ending.ts';
import { makeVerdict } from './tell/verdict.ts';
import { watch } from './watch/watch.ts';
import { type AppliedObjects, appliedObjects } from './what/watched-objects.ts';

/** Where nothing else is said, as for kubectl. */
const DEFAULT_NAMESPACE = 'default';

/** A verdict on objects that another tool applied: nothing is recorded, pruned or rolled back. */
export async function verifyObjects(
  client: ClusterClient,
  subject: Exclude<Subject, { kind: 'release' | 'open-release' }>,
  context: VerifyContext,
): Promise<Ending> {
  const { runner } = context;
  const identity = { ...context.identity, namespace: context.identity.namespace || DEFAULT_NAMESPACE };
  const applied = await appliedObjects(client, subject, {
    workspace: runner.workspace,
    namespace: identity.namespace,
  });
  runner.logger.info(
    `${applied.introduction}: ${applied.objects.length} objects in namespace ${identity.namespace}`,
  );
  refuseWrongTerms(applied);
  const { application, formation, destination, namespace } = identity;
  const words = { application, formation, destination, namespace };
  const released = applied.since ?? new Date();
  const plan = await planWatch(client, { ...applied, released, words }, { ...context, identity });
  const { objects, since, successor } = applied;
  const watched = await watch({ client, objects, plan, since, successor }, runner);
  const outcome = withObjection(watched.result, applied);
  return { ...watched, verdict: makeVerdict(identity, undefined, watched.result, outcome) };
}

/** deploy refuses annotations that are not durations; what others apply is checked here. */
function refuseWrongTerms({ manifests, positionAt }: AppliedObjects): void {
  const problems = manifests.flatMap(termsProblems).map(({ object, pointer, ...problem }) => {
    const at = positionAt?.({ object, pointer });
    return at === undefined ? problem : { ...problem, at };
  });
  throwIfAny(problems);
}

/** If the tool that applied the objects calls them failed, they are not a success, whatever their state. */
function withObjection(
  { verdict, summary }: Awaited<ReturnType<typeof watch>>['result'],
  { objection }: AppliedObjects,
): { readonly verdict: typeof verdict; readonly summary: string } {
  if (objection === undefined || verdict === 'superseded') return { verdict, summary };
  return { verdict: 'failed', summary: `${objection}; of its objects: ${summary}` };
}
