import {
  type KubernetesObject,
  keyOf,
  type LabelSelector,
  type ObjectReference,
  objectKey,
  selectorKeys,
  selects,
} from '@slipway/kubernetes';
import type { Subject } from '../subject.ts';
import { type PodTemplate, podTemplateOf } from './pod-templates.ts';

/** A subject that describes pods. */
export interface Workload {
  readonly subject: Subject;
  readonly namespace: string;
  readonly template: PodTemplate;
}

/** The objects of a check, found as other objects refer to them. */
export class Neighbourhood {
  readonly subjects: readonly Subject[];
  readonly workloads: readonly Workload[];
  readonly #fallback: string;
  readonly #byName: ReadonlyMap<string, KubernetesObject>;
  /** Workloads by label: few of thousands have a given one, so that selectors need not look at all of them. */
  readonly #byLabel = new Map<string, Workload[]>();

  constructor(subjects: readonly Subject[], fallback: string) {
    this.subjects = subjects;
    this.#fallback = fallback;
    this.workloads = subjects.flatMap((subject): Workload[] => {
      const template = podTemplateOf(subject.view);
      return template === undefined ? [] : [{ subject, template, namespace: this.namespaceOf(subject.view) }];
    });
    for (const workload of this.workloads)
      for (const pair of Object.entries(workload.template.labels)) {
        const known = this.#byLabel.get(labelKey(pair));
        if (known === undefined) this.#byLabel.set(labelKey(pair), [workload]);
        else known.push(workload);
      }
    this.#byName = new Map(subjects.map(({ view }) => [keyOf(view, fallback), view]));
  }

  namespaceOf({ metadata }: KubernetesObject): string {
    return typeof metadata['namespace'] === 'string' ? metadata['namespace'] : this.#fallback;
  }

  /** The object that a reference names. */
  find(reference: ObjectReference): KubernetesObject | undefined {
    return this.#byName.get(objectKey(reference));
  }

  /** The workloads whose pods a selector matches; none for an empty selector, which is not about certain pods. */
  selectedBy(selector: LabelSelector, namespace: string): readonly Workload[] {
    if (selectorKeys(selector).length === 0) return [];
    const [pair] = Object.entries(selector.matchLabels ?? {});
    const candidates = pair === undefined ? this.workloads : (this.#byLabel.get(labelKey(pair)) ?? []);
    return candidates.filter(
      workload => workload.namespace === namespace && selects(selector, workload.template.labels),
    );
  }
}

function labelKey([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}
