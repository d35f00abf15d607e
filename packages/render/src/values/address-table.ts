import { type Addressed, segmentMatches, WILDCARD, weight } from './address.ts';

/** A formation at one of its destinations: the unit that is rendered, checked and released. */
export interface Target {
  readonly formation: string;
  readonly destination: string;
}

/** A leaf below a word, with the keys that lead to it. */
export interface Leaf<Content> {
  readonly path: readonly string[];
  readonly entry: Addressed<Content>;
}

/** What the config has for one word and one target. */
export type Lookup<Content> =
  | { readonly kind: 'leaf'; readonly entry: Addressed<Content> }
  | { readonly kind: 'map'; readonly leaves: readonly Leaf<Content>[] }
  | { readonly kind: 'tie'; readonly entries: readonly [Addressed<Content>, Addressed<Content>] }
  | { readonly kind: 'conflict'; readonly entries: readonly [Addressed<Content>, Addressed<Content>] }
  | { readonly kind: 'none' };

/** For each formation its own name, then the name of the one that it extends, and so on. */
export type Lineages = ReadonlyMap<string, readonly string[]>;

/** All entries of one kind (values or secrets) of the config, by address. */
export class AddressTable<Content> {
  readonly entries: readonly Addressed<Content>[];
  readonly #lineages: Lineages;
  /** The formations that only what names them applies to. */
  readonly #namedOnly: ReadonlySet<string>;
  readonly #targets = new Map<string, WordTable<Content>>();

  constructor(
    entries: readonly Addressed<Content>[],
    lineages: Lineages,
    namedOnly: ReadonlySet<string> = new Set(),
  ) {
    this.entries = entries;
    this.#lineages = lineages;
    this.#namedOnly = namedOnly;
  }

  /** The table with further entries. */
  with(entries: readonly Addressed<Content>[]): AddressTable<Content> {
    return new AddressTable([...this.entries, ...entries], this.#lineages, this.#namedOnly);
  }

  /** The table with a further formation, to which all that matches applies, or only what names it or its lineage. */
  withFormation(
    name: string,
    lineage: readonly string[],
    extent: 'all' | 'named only' = 'all',
  ): AddressTable<Content> {
    const namedOnly = extent === 'all' ? this.#namedOnly : new Set([...this.#namedOnly, name]);
    return new AddressTable(this.entries, new Map([...this.#lineages, [name, lineage]]), namedOnly);
  }

  /** The entries for one target; made once per target. */
  for(target: Target): WordTable<Content> {
    const key = `${target.destination}.${target.formation}`;
    let table = this.#targets.get(key);
    if (table === undefined) {
      const lineage = this.#lineages.get(target.formation) ?? [target.formation];
      const isNamedOnly = this.#namedOnly.has(target.formation);
      const found = this.entries.filter(({ segments: [destination, formation] }) => {
        if (isNamedOnly && formation === WILDCARD) return false;
        return segmentMatches(destination, target.destination) && isOf(formation, lineage);
      });
      table = new WordTable(found, lineage);
      this.#targets.set(key, table);
    }
    return table;
  }
}

function isOf(formation: string | undefined, lineage: readonly string[]): boolean {
  return formation === WILDCARD || lineage.includes(formation ?? '');
}

/** Keys of nested maps may contain dots, so words are joined by a character that no key has. */
const wordKey = (word: readonly string[]): string => word.join('\0');

/** The entries of one target, indexed by word. */
export class WordTable<Content> {
  /** Entries without a wildcard in their word, by word. */
  readonly #literal = new Map<string, Addressed<Content>[]>();
  readonly #wildcards: Addressed<Content>[] = [];
  /** For each word that is a map, the words of the leaves below it. */
  readonly #below = new Map<string, Map<string, readonly string[]>>();
  readonly #lineage: readonly string[];

  /** @param lineage the formation's name, then those of the formations that it extends */
  constructor(entries: readonly Addressed<Content>[], lineage: readonly string[]) {
    this.#lineage = lineage;
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: Addressed<Content>): void {
    const word = entry.segments.slice(2);
    if (word.includes(WILDCARD)) {
      this.#wildcards.push(entry);
      return;
    }
    const key = wordKey(word);
    const same = this.#literal.get(key);
    if (same !== undefined) same.push(entry);
    else this.#literal.set(key, [entry]);
    for (let length = 1; length < word.length; length++) {
      const prefix = wordKey(word.slice(0, length));
      const below = this.#below.get(prefix);
      if (below !== undefined) below.set(key, word);
      else this.#below.set(prefix, new Map([[key, word]]));
    }
  }

  /** Every word that has a value or is a map of values, for suggestions. */
  words(): string[] {
    const keys = [...this.#literal.keys(), ...this.#below.keys()];
    return [...new Set(keys)].map(key => key.replaceAll('\0', '.'));
  }

  lookup(word: readonly string[]): Lookup<Content> {
    const leaf = this.#leaf(word);
    const below = this.#below.get(wordKey(word));
    if (below === undefined) return leaf;
    if (leaf.kind === 'leaf') {
      const [inner] = this.#literal.get([...below.keys()][0] ?? '') ?? [];
      return inner === undefined ? leaf : { kind: 'conflict', entries: [leaf.entry, inner] };
    }
    return leaf.kind === 'none' ? this.#map(word, [...below.values()]) : leaf;
  }

  #leaf(word: readonly string[]): Lookup<Content> {
    const wildcards = this.#wildcards.filter(({ segments }) => matchesWord(segments, word));
    const candidates = this.#nearest([...(this.#literal.get(wordKey(word)) ?? []), ...wildcards]);
    let best: Addressed<Content> | undefined;
    let rival: Addressed<Content> | undefined;
    for (const candidate of candidates) {
      const order = best === undefined ? 1 : precedence(candidate, best);
      if (order > 0) [best, rival] = [candidate, undefined];
      else if (order === 0) rival = candidate;
    }
    if (best === undefined) return { kind: 'none' };
    return rival === undefined ? { kind: 'leaf', entry: best } : { kind: 'tie', entries: [best, rival] };
  }

  /** Only the candidates of the nearest formation that has any: entries for a formation take precedence over those for its bases. */
  #nearest(candidates: readonly Addressed<Content>[]): readonly Addressed<Content>[] {
    if (this.#lineage.length === 1) return candidates;
    const distance = ({ segments }: Addressed<unknown>): number => this.#lineage.indexOf(segments[1] ?? '');
    const named = candidates.map(distance).filter(found => found >= 0);
    const least = Math.min(...named);
    return candidates.filter(candidate => distance(candidate) <= least);
  }

  #map(word: readonly string[], words: readonly (readonly string[])[]): Lookup<Content> {
    const leaves: Leaf<Content>[] = [];
    for (const below of words) {
      const found = this.lookup(below);
      if (found.kind === 'leaf') leaves.push({ path: below.slice(word.length), entry: found.entry });
      else if (found.kind === 'tie' || found.kind === 'conflict') return found;
    }
    return { kind: 'map', leaves };
  }
}

/** Above 0 if `a` wins over `b`: more literal segments first, then an application's own entry over a shared one. */
function precedence(a: Addressed<unknown>, b: Addressed<unknown>): number {
  if (weight(a) !== weight(b)) return weight(a) > weight(b) ? 1 : -1;
  return Number(b.isShared ?? false) - Number(a.isShared ?? false);
}

function matchesWord(segments: readonly string[], word: readonly string[]): boolean {
  return (
    segments.length === word.length + 2 &&
    word.every((part, index) => segmentMatches(segments[index + 2], part))
  );
}
