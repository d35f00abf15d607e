import { isJsonObject } from '@slipway/core';
import { type KubernetesObject, objectKey } from '@slipway/kubernetes';
import type { WatchedObject } from '../rollout.ts';

interface Answer {
  readonly version: string;
  /** What others have changed; undefined where nothing has been. */
  readonly text: string | undefined;
}

/** What others have written over since the release, by object, as it was when it was asked. */
export class Changes {
  readonly #answers = new Map<string, Answer>();

  /** What was changed of an object, as half a sentence; undefined where nothing is known to be. */
  of(object: WatchedObject): string | undefined {
    return this.#answers.get(objectKey(object))?.text;
  }

  /** Asks about an object, unless it is still the same as when it was asked about before. */
  async ask(object: WatchedObject, live: KubernetesObject): Promise<void> {
    const { content } = object;
    if (content === undefined) return;
    const version = versionOf(live);
    const known = this.#answers.get(objectKey(object));
    if (known !== undefined && known.version === version) return;
    const text = content.isTouched(live) ? await content.changes(live) : undefined;
    this.#answers.set(objectKey(object), { version, text });
  }
}

/** Another one whenever someone has written something but the status; of an object without known owners, whenever it changes. */
function versionOf({ metadata }: KubernetesObject): string {
  const { managedFields, resourceVersion = '' } = metadata;
  const entries = Array.isArray(managedFields) ? managedFields.filter(isJsonObject) : [];
  const written = entries.filter(({ subresource }) => subresource !== 'status');
  return written.length === 0 ? String(resourceVersion) : JSON.stringify(written);
}
