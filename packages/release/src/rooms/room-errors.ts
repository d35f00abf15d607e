import { excerpt, isJsonObject, type Problem, quote, SlipwayError, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { RecordOwner } from '../records/records.ts';
import type { Room } from './room.ts';

export function roomBroken({ metadata }: KubernetesObject): SlipwayError<ReleaseErrorCode> {
  const namespace = String(metadata['namespace'] ?? '');
  if (namespace === '')
    return new SlipwayError({
      code: 'room-broken',
      message: `the namespace ${quote(metadata.name)} does not say for which instance it is, or contradicts itself`,
      remedy: `find out who changed it, and delete it once no one needs what is in it: kubectl delete namespace ${metadata.name}`,
    });
  return new SlipwayError({
    code: 'room-broken',
    message: `the Lease ${quote(metadata.name)} in namespace ${quote(namespace)} does not say for whom it keeps room`,
    remedy: `find out who changed it, and delete it once nothing of the instance is left: kubectl delete lease ${metadata.name} --namespace ${namespace}`,
  });
}

/** The refusal for a namespace that is there already, and is not a room: whoever made it keeps it. */
export function roomUnmarked({ metadata }: KubernetesObject): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'room-unmarked',
    message: `the namespace ${quote(metadata.name)} exists, and it is not marked as the one of an instance`,
    remedy: 'give the destination another namespace, or let an administrator delete this one',
  });
}

export function roomForeign({
  application,
  formation,
  namespace,
  repository,
}: Pick<Room, 'application' | 'formation' | 'namespace' | 'repository'>): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'room-foreign',
    message: `the instance ${quote(formation)} of ${quote(application)} in namespace ${quote(namespace)} belongs to the repository ${quote(repository)}`,
    remedy: 'give one of the two another namespace, or rename the application or the formation',
  });
}

export function roomEnded({ formation }: RecordOwner): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'room-ended',
    message: `the instance ${quote(formation)} was removed or taken over while this run waited, so nothing is written`,
    remedy: 'run the job again if the pull request is still open',
  });
}

/** What keeps a namespace: Kubernetes writes kinds and finalizers into its conditions, which takes no right to what is in it. */
const KEEPING = /Remaining$|Failure$/;

/** The problem with a namespace that is being deleted and does not go. */
export function namespaceStays(
  live: KubernetesObject,
  { formation }: Pick<Room, 'formation'>,
): Problem<ReleaseErrorCode> {
  const conditions = valueAt(live, ['status', 'conditions']);
  const said = (Array.isArray(conditions) ? conditions : [])
    .filter(isJsonObject)
    .filter(({ type, status }) => status === 'True' && KEEPING.test(String(type)))
    .map(({ message }) => excerpt(String(message), 300));
  const why = said.length === 0 ? 'Kubernetes does not say what keeps it' : said.join('; ');
  return {
    code: 'namespace-stays',
    message: `the namespace ${quote(live.metadata.name)} of the instance ${quote(formation)} is being deleted, and still exists: ${why}`,
    remedy:
      'find out why whoever set the finalizers does not remove them, or let an administrator remove them, as no login of instances may; the next sweep looks again',
  };
}
