import { quote, SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { RecordOwner } from '../records/records.ts';
import type { Room } from './room.ts';

export function roomBroken({ metadata }: KubernetesObject): SlipwayError<ReleaseErrorCode> {
  const namespace = String(metadata['namespace'] ?? '');
  return new SlipwayError({
    code: 'room-broken',
    message: `the Lease ${quote(metadata.name)} in namespace ${quote(namespace)} does not say for whom it keeps room`,
    remedy: `find out who changed it, and delete it once nothing of the instance is left: kubectl delete lease ${metadata.name} --namespace ${namespace}`,
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
