import { apiGroup, type KubernetesObject } from '@slipway/core';
import type { Subject } from '../subject.ts';
import { type PodTemplate, podTemplateOf } from './pod-templates.ts';

/** A subject whose pods are at hand. */
export interface Workload {
  readonly subject: Subject;
  readonly namespace: string;
  readonly template: PodTemplate;
}

/** The objects of a check by what other objects call them. */
export class Neighbourhood {
  readonly subjects: readonly Subject[];
  readonly workloads: readonly Workload[];
  readonly #fallback: string;
  readonly #byName: ReadonlyMap<string, KubernetesObject>;

  constructor(subjects: readonly Subject[], fallback: string) {
    this.subjects = subjects;
    this.#fallback = fallback;
    this.workloads = subjects.flatMap((subject): Workload[] => {
      const template = podTemplateOf(subject.view);
      return template === undefined ? [] : [{ subject, template, namespace: this.namespaceOf(subject.view) }];
    });
    this.#byName = new Map(
      subjects.map(({ view }) => [
        keyOf(apiGroup(view.apiVersion), view.kind, this.namespaceOf(view), view.metadata.name),
        view,
      ]),
    );
  }

  namespaceOf({ metadata }: KubernetesObject): string {
    return typeof metadata['namespace'] === 'string' ? metadata['namespace'] : this.#fallback;
  }

  find(group: string, kind: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#byName.get(keyOf(group, kind, namespace, name));
  }

  workloadsIn(namespace: string): readonly Workload[] {
    return this.workloads.filter(workload => workload.namespace === namespace);
  }
}

function keyOf(...parts: string[]): string {
  return parts.join('\0');
}
