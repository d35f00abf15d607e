import type { ErrorEntry } from '@slipway/core';

/** What can be wrong with what keeps room for an instance: a Lease, or a namespace. */
export type RoomErrorCode =
  | 'room-broken'
  | 'room-foreign'
  | 'namespace-stays'
  | 'room-unmarked'
  | 'room-ended';

export const roomErrors: Readonly<Record<RoomErrorCode, ErrorEntry>> = {
  'room-broken': {
    symptom: 'lock',
    example:
      'the Lease "slipway.shop.preview-7.room" in namespace "shop-previews" does not say for whom it keeps room',
    cause:
      'The Lease with which an instance of a spawned formation begins and ends was changed by hand, so that it is not known whose it is or until when.',
    remedy:
      'Find out who changed it. Remove the instance with `mode: destroy`, its `spawn` and `confirm`, or deploy it again after the Lease was deleted.',
  },
  'room-foreign': {
    symptom: 'destination',
    example:
      'the instance "preview-7" of "shop" in namespace "shop-previews" belongs to the repository "other/shop"',
    cause:
      'Two repositories have applications of one name that spawn into one namespace, and the other one has an instance with this key.',
    remedy: 'Give one of them another namespace, or rename its application or its formation.',
  },
  'namespace-stays': {
    symptom: 'destination',
    example:
      'the namespace "shop-pr-7" of the instance "preview-7" is being deleted, and still exists: Kubernetes does not say what keeps it',
    cause:
      'Kubernetes deletes a namespace once everything in it is gone, and something has a finalizer that no one removes. The message has what Kubernetes says of it.',
    remedy:
      'Find out why whoever set the finalizer does not remove it. The next sweep, or the next run that makes the instance, goes on.',
  },
  'room-unmarked': {
    symptom: 'destination',
    example: 'the namespace "shop-pr-7" exists, and it is not marked as the one of an instance',
    cause:
      'With `form: create` an instance has a namespace of its own, and one of that name is there already without the marks of Slipway, or with some that contradict each other.',
    remedy: 'Give the destination a namespace whose name no one else uses, or delete that one.',
  },
  'room-ended': {
    symptom: 'lock',
    example:
      'the instance "preview-7" was removed or taken over while this run waited, so nothing is written',
    cause:
      'While this run waited for the lock, another one removed the instance, as when the pull request was closed, or began to.',
    remedy: 'Run the job again if the pull request is still open.',
  },
};
