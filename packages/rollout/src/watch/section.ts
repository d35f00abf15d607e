import type { JsonValue } from '@slipway/core';
import { controllerOf, type KubernetesObject } from '@slipway/kubernetes';

/** The objects of one kind in one namespace, as the API server last reported them. */
export class Section {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #owned = new Map<string, Map<string, KubernetesObject>>();
  readonly #withOwners = new Set<string>();
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
    for (const item of items) this.put(item);
    this.#current = true;
  }

  put(object: KubernetesObject): void {
    const { name } = object.metadata;
    const kept = this.#withOwners.has(name) ? object : withoutManagedFields(object);
    this.remove(name);
    this.#objects.set(name, kept);
    const owner = controllerOf(kept);
    if (owner === undefined) return;
    const owned = this.#owned.get(owner) ?? new Map<string, KubernetesObject>();
    this.#owned.set(owner, owned.set(name, kept));
  }

  remove(name: string): void {
    const owner = controllerOf(this.#objects.get(name) ?? NOTHING);
    this.#objects.delete(name);
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
