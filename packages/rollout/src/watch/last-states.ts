import { SlipwayError } from '@slipway/core';
import { type KubernetesObject, type ObjectReference, textAt, uidOf } from '@slipway/kubernetes';
import type { RolloutCluster } from '../rollout.ts';

/** An object as it was last seen. */
interface LastState {
  readonly object: KubernetesObject;
  /** Whether it was in this state when it was removed, and not only some time before. */
  readonly exact: boolean;
}

/** How an object ended, by its events. */
interface ToldEnd {
  readonly reason: string;
  readonly message: string;
}

type Identity = Pick<ObjectReference, 'namespace'> & { readonly uid?: string | undefined };

/** What is known of Jobs that no longer exist, by UID. */
export class LastStates {
  readonly #states = new Map<string, LastState>();
  readonly #told = new Map<string, ToldEnd>();

  put(object: KubernetesObject, exact: boolean): void {
    this.#states.set(uidOf(object), { object, exact });
  }

  of({ uid = '' }: Identity): LastState | undefined {
    return this.#states.get(uid);
  }

  toldOf({ uid = '' }: Identity): ToldEnd | undefined {
    return this.#told.get(uid);
  }

  /** Looks for the event that the Job controller writes when a Job ends; without the right to read events there is none. */
  async ask(client: Pick<RolloutCluster, 'list'>, { uid = '', namespace }: Identity): Promise<void> {
    try {
      const { items } = await client.list({
        apiVersion: 'v1',
        kind: 'Event',
        ...(namespace === undefined ? {} : { namespace }),
        fieldSelector: `involvedObject.uid=${uid}`,
      });
      const end = items.findLast(endsJob);
      if (end !== undefined)
        this.#told.set(uid, { reason: textAt(end, 'reason') ?? '', message: textAt(end, 'message') ?? '' });
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
    }
  }
}

/** The reasons of a Job's terminal conditions: https://github.com/kubernetes/api/blob/v0.36.0/batch/v1/types.go */
const ENDS: ReadonlySet<string> = new Set([
  'Completed',
  'BackoffLimitExceeded',
  'DeadlineExceeded',
  'PodFailurePolicy',
  'FailedIndexes',
  'MaxFailedIndexesExceeded',
]);

function endsJob(event: KubernetesObject): boolean {
  return ENDS.has(textAt(event, 'reason') ?? '');
}
