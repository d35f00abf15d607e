import { isJsonObject, parsePointer, quote } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { unlessCode } from '../cluster/expected-errors.ts';
import { deployersOf } from '../objects/adoption.ts';
import { diffFields, type FieldChange } from '../objects/diff.ts';
import { leftoversOf } from '../objects/leftovers.ts';
import { mergePatch } from '../objects/merge-patch.ts';
import { type CompareContext, oursOf } from './compared.ts';
import { mayTryOut } from './try-out.ts';

/** `kubectl rollout restart` writes the time here, which is an order and no content. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const MOST_NAMED = 3;

/** What a release keeps of what someone added by hand, with a note that says who and what takes it away. */
export interface LeftByOthers {
  readonly fields: readonly FieldChange[];
  readonly note: string | undefined;
}

const NOTHING: LeftByOthers = { fields: [], note: undefined };

/** What kubectl and its like added to an object of the formation: it is not in the manifest, and applying keeps it. */
export async function leftByOthers(
  context: CompareContext,
  object: KubernetesObject,
  live: KubernetesObject,
  applied: KubernetesObject,
): Promise<LeftByOthers> {
  const { manager } = oursOf(context);
  const leftovers = context.request.adopt ? undefined : leftoversOf(live, applied, manager);
  if (leftovers === undefined) return NOTHING;
  const { kept, cleaned } = leftovers;
  if (removedFields(kept, cleaned).length === 0) return NOTHING;
  const left = removedFields(kept, await withDefaults(context, object, live, cleaned));
  if (left.length === 0) return NOTHING;
  const named = left.slice(0, MOST_NAMED).map(({ pointer }) => pointer);
  const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : '';
  const who = deployersOf(live, manager).map(quote).join(' and ');
  const note = `${who} added ${named.join(', ')}${more}, which the manifest does not have and deploying keeps: adopt removes it`;
  return { fields: left, note };
}

function removedFields(kept: KubernetesObject, cleaned: KubernetesObject): FieldChange[] {
  return diffFields(kept, cleaned)
    .filter(change => change.after === undefined && !isRestart(change))
    .map(({ pointer, before }) =>
      before === undefined ? { pointer, drifted: true } : { pointer, before, after: before, drifted: true },
    );
}

function isRestart({ pointer, before }: FieldChange): boolean {
  const path = parsePointer(pointer);
  if (path.at(-1) === RESTARTED) return true;
  return isJsonObject(before) && Object.keys(before).length === 1 && RESTARTED in before;
}

/** The server sets its defaults again, which whoever created the object owns; without the rights to ask it, they count as added. */
async function withDefaults(
  context: CompareContext,
  object: KubernetesObject,
  live: KubernetesObject,
  cleaned: KubernetesObject,
): Promise<KubernetesObject> {
  if (!mayTryOut(context, object)) return cleaned;
  const patch = mergePatch(live, cleaned);
  const asked = () => context.client.patch(referenceTo(object), patch, { dryRun: true });
  return (await unlessCode('cluster-refused', asked)) ?? cleaned;
}
