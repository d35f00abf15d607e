import { apiGroup, guessPlural, hasFixedName, type Kind } from '@slipway/kubernetes';
import { type Traced, type TracedMap, textAt, tracedAt } from '../trace/traced.ts';
import type { Draft } from './draft.ts';

/** An object whose name gets the prefix. */
interface Named {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
}

/** What a reference says of the object that it means. */
export interface Wanted {
  readonly kind: string;
  /** Undefined if a kind of any group may be meant. */
  readonly group: string | undefined;
  readonly namespace: string | undefined;
}

/** The objects whose names get the prefix. */
export class KnownNames {
  readonly #namespace: string;
  readonly #byName = new Map<string, Named[]>();

  constructor(drafts: readonly Draft[], namespace: string) {
    this.#namespace = namespace;
    for (const { traced } of drafts) {
      const { apiVersion, kind } = kindOf(traced);
      const name = textAt(traced, 'metadata', 'name') ?? '';
      if (hasFixedName({ apiVersion, kind })) continue;
      const object = {
        group: apiGroup(apiVersion),
        kind,
        namespace: textAt(traced, 'metadata', 'namespace'),
      };
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), object]);
    }
  }

  has(name: Traced, { kind, group, namespace }: Wanted): boolean {
    return this.#called(name, namespace).some(
      object => object.kind === kind && (group === undefined || object.group === group),
    );
  }

  /** Whether an RBAC rule is for an object with this name; a rule says kinds by group and plural. */
  hasForRule(name: Traced, rule: Traced, namespace: string | undefined): boolean {
    const [groups, resources] = [textsAt(rule, 'apiGroups'), textsAt(rule, 'resources')];
    return this.#called(name, namespace).some(
      ({ group, kind }) =>
        (groups.includes(group) || groups.includes('*')) && resources.includes(guessPlural(kind)),
    );
  }

  /** The objects with a name in a namespace, and those with the name that have none. */
  #called(name: Traced, namespace: string | undefined): readonly Named[] {
    if (name.kind !== 'scalar' || typeof name.value !== 'string') return [];
    const home = namespace ?? this.#namespace;
    return (this.#byName.get(name.value) ?? []).filter(
      object => object.namespace === undefined || object.namespace === home,
    );
  }
}

export function kindOf(object: TracedMap): Kind {
  return { apiVersion: textAt(object, 'apiVersion') ?? '', kind: textAt(object, 'kind') ?? '' };
}

function textsAt(map: Traced, key: string): readonly unknown[] {
  const list = tracedAt(map, key);
  return list?.kind === 'list'
    ? list.items.map(item => (item.kind === 'scalar' ? item.value : undefined))
    : [];
}
