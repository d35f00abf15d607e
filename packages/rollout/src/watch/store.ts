import type { JsonObject } from '@slipway/core';
import { type Kind, type KubernetesObject, kindKey, namespaceOf, uidOf } from '@slipway/kubernetes';
import type { ClusterView } from '../status/status.ts';
import { Changes } from './changes.ts';
import { LastStates } from './last-states.ts';
import { Section } from './section.ts';
import { Warnings } from './warnings.ts';

/** All that is watched, by kind and namespace. */
export class Store implements ClusterView {
  readonly warnings = new Warnings();
  readonly lastStates = new LastStates();
  readonly changes = new Changes();
  readonly #sections = new Map<string, Section>();
  readonly #reporting = new Set<string>();

  /** The section of a kind and namespace (`''` for cluster scope), created when first asked for. */
  open(kind: Kind, namespace: string): Section {
    const key = `${kindKey(kind)}/${namespace}`;
    const section = this.#sections.get(key) ?? new Section();
    this.#sections.set(key, section);
    return section;
  }

  section(kind: Kind, namespace: string): Section | undefined {
    return this.#sections.get(`${kindKey(kind)}/${namespace}`);
  }

  /** Whether everything in here is up to date, rather than from before a connection broke. */
  get current(): boolean {
    return [...this.#sections.values()].every(section => section.current);
  }

  /** Why some of it may be out of date; undefined where all is up to date. */
  get interruption(): string | undefined {
    return [...this.#sections.values()].find(({ interruption }) => interruption !== undefined)?.interruption;
  }

  ownedBy(controller: KubernetesObject, kind: Kind): readonly KubernetesObject[] | undefined {
    return this.#readable(kind, namespaceOf(controller))?.ownedBy(uidOf(controller));
  }

  list(kind: Kind, namespace: string): readonly KubernetesObject[] | undefined {
    return this.#readable(kind, namespace)?.all();
  }

  labelled(
    kind: Kind,
    namespace: string,
    key: string,
    value: string,
  ): readonly KubernetesObject[] | undefined {
    return this.#readable(kind, namespace)?.labelled(key, value);
  }

  warningsAbout(object: KubernetesObject): readonly JsonObject[] {
    return this.warnings.about(uidOf(object));
  }

  /** Remembers that objects of this version of a kind have conditions in a status of their own. */
  expectConditions({ apiVersion, kind }: Kind): void {
    this.#reporting.add(`${apiVersion}/${kind}`);
  }

  reportsConditions({ apiVersion, kind }: Kind): boolean {
    return this.#reporting.has(`${apiVersion}/${kind}`);
  }

  #readable(kind: Kind, namespace: string): Section | undefined {
    const section = this.section(kind, namespace);
    return section?.unreadable === undefined ? section : undefined;
  }
}
