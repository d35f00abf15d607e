import { isJsonObject, SlipwayError } from '@slipway/core';
import { type KubernetesObject, objectKey } from '@slipway/kubernetes';
import type { WatchedObject } from '../rollout.ts';

interface Answer {
  /** The state of the object that it is about. */
  readonly live: KubernetesObject;
  readonly version: string;
  /** What others have changed; undefined where nothing has been. */
  readonly text: string | undefined;
  /** Why it is not known. */
  readonly failure?: string;
}

/** What others have written over since the release, by object, as it was when it was asked. */
export class Changes {
  readonly #answers = new Map<string, Answer>();

  /** What was changed of an object, as half a sentence; undefined where nothing is known to be. */
  of(object: WatchedObject): string | undefined {
    return this.#answers.get(objectKey(object))?.text;
  }

  /** Why it is not known whether an object was changed; undefined where it is. */
  unknownOf(object: WatchedObject): string | undefined {
    return this.#answers.get(objectKey(object))?.failure;
  }

  /** Whether something has to be asked again, although the cluster reports no change. */
  get isOpen(): boolean {
    return [...this.#answers.values()].some(({ failure }) => failure !== undefined);
  }

  /** Asks about an object, unless it is still the same as when the answer was given. */
  async ask(object: WatchedObject, live: KubernetesObject): Promise<void> {
    const { content } = object;
    const known = this.#answers.get(objectKey(object));
    const isKnown = known !== undefined && known.failure === undefined;
    if (content === undefined || (isKnown && known.live === live)) return;
    const version = versionOf(live);
    const answer =
      isKnown && known.version === version ? { text: known.text } : await changesOf(content, live);
    this.#answers.set(objectKey(object), { live, version, ...answer });
  }
}

async function changesOf(
  content: NonNullable<WatchedObject['content']>,
  live: KubernetesObject,
): Promise<Pick<Answer, 'text' | 'failure'>> {
  if (!content.isTouched(live)) return { text: undefined };
  try {
    return { text: await content.changes(live) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { text: undefined, failure: error.message };
  }
}

/** Another one whenever someone has written something but the status; of an object without known owners, whenever it changes. */
function versionOf({ metadata }: KubernetesObject): string {
  const { managedFields, resourceVersion = '' } = metadata;
  const entries = Array.isArray(managedFields) ? managedFields.filter(isJsonObject) : [];
  const written = entries.filter(({ subresource }) => subresource !== 'status');
  return written.length === 0 ? String(resourceVersion) : JSON.stringify(written);
}
