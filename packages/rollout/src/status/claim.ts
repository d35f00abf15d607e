import { quote } from '@slipway/core';
import { type KubernetesObject, textAt, uidOf } from '@slipway/kubernetes';
import { STORAGE_CLASS } from './kinds.ts';
import { type ClusterView, failed, inProgress, ready, type Status, unknown } from './status.ts';

/** A PersistentVolumeClaim; one that waits for its first consumer is settled, since a pod that needs it reports so itself. */
export function claim(object: KubernetesObject, view: ClusterView): Status {
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Bound') return ready('it is bound', { progress: 1 });
  if (phase === 'Lost')
    return failed({
      key: `${uidOf(object)}/lost`,
      reason: 'Lost',
      message: `its volume ${quote(textAt(object, 'spec', 'volumeName') ?? '')} is gone`,
      remedy: 'restore the volume, or create a new claim',
    });
  const name = textAt(object, 'spec', 'storageClassName') ?? '';
  if (name === '') return inProgress('it is waiting for a volume; it does not name a storage class');
  const storageClass = view.list(STORAGE_CLASS, '')?.find(candidate => candidate.metadata.name === name);
  if (storageClass === undefined) return unknown('it is not bound; its storage class cannot be read');
  return textAt(storageClass, 'volumeBindingMode') === 'WaitForFirstConsumer'
    ? ready('it is waiting for its first consumer')
    : inProgress(`it is waiting for a volume of class ${quote(name)}`);
}
