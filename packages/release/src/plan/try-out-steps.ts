import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type Problem } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { heldForm, type SelectorForm } from '@slipway/steps';
import { collectRefusal, hasCode } from '../cluster/expected-errors.ts';
import { applySetId, fieldManager } from '../names.ts';
import { bodyOf, stampOf } from '../objects/body.ts';
import { forVersion } from '../objects/identity.ts';
import type { ReleaseRequest } from '../request.ts';
import { isLeftover } from './foreign-copies.ts';
import type { HeldObject, PreparedSteps } from './prepared-steps.ts';

/** How often an object is looked at again that others write at the same time. */
const MOST_ATTEMPTS = 20;
const FORMS: readonly SelectorForm[] = ['stable', 'both', 'next'];

/** What the server refuses of the copies, and of the forms of held objects on the way up and home. */
export async function tryOutSteps(
  { client, request }: { readonly client: ClusterClient; readonly request: ReleaseRequest },
  { copies, held }: PreparedSteps,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const { identity } = request;
  const set = applySetId(identity, identity.namespace);
  const options = { fieldManager: fieldManager(identity), force: false, dryRun: true };
  const askServer = async (object: KubernetesObject, live?: KubernetesObject): Promise<void> => {
    for (let [known, left] = [live, MOST_ATTEMPTS]; ; left--) {
      try {
        await client.apply(forVersion(bodyOf(object, set, stampOf(known)), known), options);
        return;
      } catch (error) {
        // The status of a budget is written whenever a pod comes or goes, which refuses nothing.
        if (left === 0 || !hasCode(error, 'cluster-conflict')) throw error;
        known = await client.get(referenceTo(object));
      }
    }
  };
  const tryOut = async (object: KubernetesObject, live?: KubernetesObject): Promise<void> => {
    await collectRefusal(problems, undefined, () => askServer(object, live));
  };
  await inParallel(copies, async ({ object }) => {
    const live = await client.get(referenceTo(object));
    // A leftover is removed first.
    if (live === undefined || !isLeftover(live, set)) await tryOut(object);
  });
  await inParallel(held, async ({ base, live }: HeldObject) => {
    const forms = base.kind === 'Service' ? FORMS : FORMS.slice(0, 1);
    for (const form of live === undefined ? FORMS.slice(0, 1) : forms)
      await tryOut(heldForm(base, form), live);
  });
  return problems;
}
