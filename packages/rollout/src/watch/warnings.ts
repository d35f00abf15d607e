import type { JsonObject } from '@slipway/core';
import { type KubernetesObject, textAt } from '@slipway/kubernetes';

/** The most warnings that are kept for each object; the newest are enough. */
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

  /** Takes the first list. Warnings about pods count, since a pod belongs to one revision; those about others may be old. */
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
