import {
  type AddedLabel,
  addedLabels,
  type KubernetesObject,
  keyOf,
  type LabelSelector,
  mayMakeWorkloads,
  mayProvide,
  type ObjectReference,
  objectKey,
  type Provided,
  type ProvidedKind,
  provides,
  providesPods,
  selectorKeys,
  selectsPods,
} from '@slipway/kubernetes';
import type { Subject } from '../subject.ts';
import { type PodTemplate, podTemplateOf } from './pod-templates.ts';

/** A subject that describes pods. */
export interface Workload {
  readonly subject: Subject;
  readonly namespace: string;
  readonly template: PodTemplate;
  /** The labels that controllers add to those of the template. */
  readonly added: readonly AddedLabel[];
}

/** What controllers make of the objects here; `by` is the object that may make it. */
export interface Made {
  readonly made: Provided;
  readonly by?: KubernetesObject;
}

/** The objects of a check, found as other objects refer to them. */
export class Neighbourhood {
  readonly subjects: readonly Subject[];
  readonly workloads: readonly Workload[];
  readonly #fallback: string;
  readonly #byName: ReadonlyMap<string, KubernetesObject>;
  /** The keys of labels that controllers add to the pods of a workload. */
  readonly #addedKeys: ReadonlySet<string>;
  /** Objects whose controllers may make others. */
  readonly #makers: readonly KubernetesObject[];
  /** Workloads by label: few of thousands have a given one, so that selectors need not look at all of them. */
  readonly #byLabel = new Map<string, Workload[]>();

  constructor(subjects: readonly Subject[], fallback: string) {
    this.subjects = subjects;
    this.#fallback = fallback;
    this.workloads = subjects.flatMap((subject): Workload[] => {
      const template = podTemplateOf(subject.view);
      if (template === undefined) return [];
      const { view } = subject;
      return [{ subject, template, namespace: this.namespaceOf(view), added: addedLabels(view) }];
    });
    this.#addedKeys = new Set(this.workloads.flatMap(({ added }) => added.map(([key]) => key)));
    this.#makers = subjects.map(({ view }) => view).filter(mayProvide);
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
    const pair = Object.entries(selector.matchLabels ?? {}).find(([key]) => !this.#addedKeys.has(key));
    const candidates = pair === undefined ? this.workloads : (this.#byLabel.get(labelKey(pair)) ?? []);
    return candidates.filter(
      ({ namespace: own, template, added }) =>
        own === namespace && selectsPods(selector, template.labels, added),
    );
  }

  /** Whether a controller makes an object of this name of one of the objects here. */
  madeObject(kind: ProvidedKind, namespace: string, name: string): Made {
    return this.#made(namespace, maker => provides(maker, kind, name));
  }

  /** Whether a controller makes pods that a selector matches of one of the objects here, workloads aside. */
  madePods(selector: LabelSelector, namespace: string): Made {
    return this.#made(namespace, maker => providesPods(maker, selector));
  }

  /** Whether a controller may make a workload of one of the objects here; under which name is not known. */
  madeWorkload(namespace: string): Made {
    return this.#made(namespace, maker => (mayMakeWorkloads(maker) ? 'maybe' : 'no'));
  }

  #made(namespace: string, judge: (maker: KubernetesObject) => Provided): Made {
    let by: KubernetesObject | undefined;
    for (const maker of this.#makers) {
      if (this.namespaceOf(maker) !== namespace) continue;
      const made = judge(maker);
      if (made === 'yes') return { made, by: maker };
      if (made === 'maybe') by ??= maker;
    }
    return by === undefined ? { made: 'no' } : { made: 'maybe', by };
  }
}

function labelKey([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}
