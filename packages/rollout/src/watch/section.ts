import type { JsonValue } from '@slipway/core';
import { controllerOf, type KubernetesObject } from '@slipway/kubernetes';
import { LabelIndex } from './label-index.ts';

/** The objects of one kind in one namespace, as the API server last reported them. */
export class Section {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #owned = new Map<string, Map<string, KubernetesObject>>();
  readonly #withOwners = new Set<string>();
  /** Made when it is first asked for, since few kinds are looked up by their labels. */
  #labelled: LabelIndex | undefined;
  #unreadable: string | undefined;
  #current = false;
  #interruption: string | undefined;

  /** Why these objects cannot be read; undefined where they can. */
  get unreadable(): string | undefined {
    return this.#unreadable;
  }

  /** Whether the API server is being watched, so that the objects are up to date. */
  get current(): boolean {
    return this.#current || this.#unreadable !== undefined;
  }

  /** Why the objects may be out of date; undefined where they are not, or were never read. */
  get interruption(): string | undefined {
    return this.current ? undefined : this.#interruption;
  }

  /** Keeps who wrote which field of an object. */
  keepOwners(name: string): void {
    this.#withOwners.add(name);
  }

  replace(items: readonly KubernetesObject[]): void {
    this.#objects.clear();
    this.#owned.clear();
    this.#labelled = undefined;
    for (const item of items) this.put(item);
    this.#current = true;
  }

  put(object: KubernetesObject): void {
    const { name } = object.metadata;
    const kept = this.#withOwners.has(name) ? object : withoutManagedFields(object);
    this.remove(name);
    this.#objects.set(name, kept);
    this.#labelled?.put(kept);
    const owner = controllerOf(kept);
    if (owner === undefined) return;
    const owned = this.#owned.get(owner) ?? new Map<string, KubernetesObject>();
    this.#owned.set(owner, owned.set(name, kept));
  }

  remove(name: string): void {
    const removed = this.#objects.get(name) ?? NOTHING;
    const owner = controllerOf(removed);
    this.#objects.delete(name);
    this.#labelled?.remove(removed);
    if (owner !== undefined) this.#owned.get(owner)?.delete(name);
  }

  interrupted(why: string): void {
    this.#current = false;
    this.#interruption = why;
  }

  deny(why: string): void {
    this.#unreadable = why;
  }

  get(name: string): KubernetesObject | undefined {
    return this.#objects.get(name);
  }

  all(): readonly KubernetesObject[] {
    return [...this.#objects.values()];
  }

  /** The objects with a label, or whose pods get it. */
  labelled(key: string, value: string): readonly KubernetesObject[] {
    if (this.#labelled === undefined) {
      this.#labelled = new LabelIndex();
      for (const object of this.#objects.values()) this.#labelled.put(object);
    }
    return this.#labelled.get(key, value);
  }

  ownedBy(uid: string): readonly KubernetesObject[] {
    return [...(this.#owned.get(uid)?.values() ?? [])];
  }
}

const NOTHING: KubernetesObject = { apiVersion: '', kind: '', metadata: { name: '' } };

/** managedFields are a third of an object's size, and who wrote a field is asked of few objects. */
function withoutManagedFields(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata as Record<string, JsonValue> & { name: string };
  return { ...object, metadata };
}
