import { SlipwayError } from '@slipway/core';
import { type KubernetesObject, type ObjectReference, referenceTo, textAt, uidOf } from '@slipway/kubernetes';
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

type Identity = ObjectReference & { readonly uid?: string | undefined };

/** What is known of Jobs that no longer exist, by UID, and where no release has noted one, by name. */
export class LastStates {
  readonly #states = new Map<string, LastState>();
  readonly #told = new Map<string, ToldEnd>();

  put(object: KubernetesObject, exact: boolean): void {
    const state = { object, exact };
    this.#states.set(uidOf(object), state);
    this.#states.set(nameKey(referenceTo(object)), state);
  }

  of(object: Identity): LastState | undefined {
    return this.#states.get(object.uid ?? nameKey(object));
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

function nameKey({ namespace = '', name }: ObjectReference): string {
  return `${namespace}/${name}`;
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
