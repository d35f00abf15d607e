import type { JsonObject } from '@slipway/core';
import { type KubernetesObject, textAt } from '@slipway/kubernetes';

/** Warnings kept for each object; the newest say enough. */
const MAX_KEPT = 20;

/** The warnings of a namespace by the object that they are about; memory is bounded by the number of those objects. */
export class Warnings {
  readonly #about = new Map<string, JsonObject[]>();

  put(event: KubernetesObject): void {
    const uid = textAt(event, 'involvedObject', 'uid');
    if (uid === undefined) return;
    const others = (this.#about.get(uid) ?? []).filter(({ name }) => name !== event.metadata.name);
    this.#about.set(uid, [...others, essence(event)].slice(-MAX_KEPT));
  }

  /** What the first list holds: about pods it counts, since a pod belongs to one revision; about others it may be of old. */
  putListed(events: readonly KubernetesObject[]): void {
    for (const event of events) if (textAt(event, 'involvedObject', 'kind') === 'Pod') this.put(event);
  }

  about(uid: string): readonly JsonObject[] {
    return this.#about.get(uid) ?? [];
  }
}

function essence(event: KubernetesObject): JsonObject {
  return {
    name: event.metadata.name,
    reason: textAt(event, 'reason') ?? '',
    message: textAt(event, 'message') ?? '',
  };
}
