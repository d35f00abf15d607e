import { describeObject, type KubernetesObject } from '@slipway/kubernetes';
import type { WatchedObject } from '../rollout.ts';
import { completed, endOfJob, whyFailed } from '../status/job.ts';
import { failed, inProgress, type Status } from '../status/status.ts';
import type { Store } from '../watch/store.ts';
import { JOB_END_UNKNOWN } from '../windows.ts';
import { difference } from './expected.ts';

const REMEDY = 'find out who deletes it, and deploy again';

/**
 * The status of a Job that no longer exists. Only one that was seen to complete has run: a `ttlSecondsAfterFinished` removes Jobs
 * that failed too, and anyone may delete one that is still running. Undefined for one that another tool may still have to apply.
 */
export function goneJob(object: WatchedObject, store: Store): Status | undefined {
  if (object.ran === true) return completed('it completed before, and no longer exists');
  const last = store.lastStates.of(object);
  const ended = last && isExpected(object, last.object) ? endOfJob(last.object, store) : undefined;
  if (ended !== undefined)
    return ended.ran === true ? completed(`${ended.message}, and it no longer exists`) : ended;
  if (object.uid === undefined) return undefined;
  const told = store.lastStates.toldOf(object);
  if (told !== undefined) return toldStatus(object, told);
  if (last?.exact === true) return deletedEarly(object);
  return endUnknown(object);
}

function isExpected({ expected }: WatchedObject, last: KubernetesObject): boolean {
  return expected === undefined || difference(expected, last) === undefined;
}

/** Whether only an event can still tell how a Job ended. */
export function isEndUnknown(object: WatchedObject, status: Status): boolean {
  return status.troubles.some(({ key }) => key === unknownKey(object));
}

function unknownKey(object: WatchedObject): string {
  return `${describeObject(object)}#${object.uid ?? ''}/end-unknown`;
}

function toldStatus(
  { uid }: WatchedObject,
  told: { readonly reason: string; readonly message: string },
): Status {
  if (told.reason === COMPLETED) return completed('its event says that it completed; it no longer exists');
  const { reason } = told;
  const remedy = 'keep it for a while with ttlSecondsAfterFinished, and look at its pods';
  return failed({ key: `${uid}/failed`, reason, message: whyFailed(told), remedy });
}

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go (recordJobFinished) */
const COMPLETED = 'Completed';

function deletedEarly(object: WatchedObject): Status {
  const key = `${describeObject(object)}/absent`;
  const message = 'it was deleted before it had completed';
  return failed({ key, reason: 'Deleted', message, remedy: REMEDY });
}

function endUnknown(object: WatchedObject): Status {
  const message = 'it no longer exists, and it is not known whether it completed';
  const trouble = { key: unknownKey(object), reason: 'Deleted', message, remedy: REMEDY };
  return inProgress(message, { troubles: [{ ...trouble, certainAfter: JOB_END_UNKNOWN }] });
}
