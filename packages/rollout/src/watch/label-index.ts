import { textMap, valueAt } from '@slipway/core';
import { type KubernetesObject, podTemplatePath } from '@slipway/kubernetes';

/** Objects by the labels that others find them by, each of which is one pair. */
export class LabelIndex {
  readonly #named = new Map<string, Map<string, KubernetesObject>>();

  put(object: KubernetesObject): void {
    for (const [key, value] of Object.entries(foundBy(object))) {
      const pair = pairOf(key, value);
      const named = this.#named.get(pair) ?? new Map<string, KubernetesObject>();
      this.#named.set(pair, named.set(object.metadata.name, object));
    }
  }

  remove(object: KubernetesObject): void {
    for (const [key, value] of Object.entries(foundBy(object)))
      this.#named.get(pairOf(key, value))?.delete(object.metadata.name);
  }

  get(key: string, value: string): readonly KubernetesObject[] {
    return [...(this.#named.get(pairOf(key, value))?.values() ?? [])];
  }
}

/** The labels of the pods that an object makes, or its own where it makes none. */
export function foundBy(object: KubernetesObject): Readonly<Record<string, string>> {
  return textMap(valueAt(object, [...(podTemplatePath(object) ?? []), 'metadata', 'labels']));
}

/** A key has no "=". */
function pairOf(key: string, value: string): string {
  return `${key}=${value}`;
}
