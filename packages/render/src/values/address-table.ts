import { type Addressed, segmentMatches, WILDCARD, weight } from './address.ts';

/** A destination of a formation: what values and secrets are looked up for. */
export interface Target {
  readonly formation: string;
  readonly destination: string;
}

/** A leaf below a word, with the keys that lead to it. */
export interface Leaf<Content> {
  readonly path: readonly string[];
  readonly entry: Addressed<Content>;
}

/** What the addresses have to say about one word for one target. */
export type Lookup<Content> =
  | { readonly kind: 'leaf'; readonly entry: Addressed<Content> }
  | { readonly kind: 'map'; readonly leaves: readonly Leaf<Content>[] }
  | { readonly kind: 'tie'; readonly entries: readonly [Addressed<Content>, Addressed<Content>] }
  | { readonly kind: 'conflict'; readonly entries: readonly [Addressed<Content>, Addressed<Content>] }
  | { readonly kind: 'none' };

/** Everything of one kind (values or secrets) that the config says, by address. */
export class AddressTable<Content> {
  readonly entries: readonly Addressed<Content>[];
  readonly #targets = new Map<string, WordTable<Content>>();

  constructor(entries: readonly Addressed<Content>[]) {
    this.entries = entries;
  }

  /** What of it is for one target; made once per target. */
  for(target: Target): WordTable<Content> {
    const key = `${target.destination}.${target.formation}`;
    let table = this.#targets.get(key);
    if (table === undefined) {
      table = new WordTable(this.entries.filter(entry => isFor(entry, target)));
      this.#targets.set(key, table);
    }
    return table;
  }
}

function isFor({ segments }: Addressed<unknown>, { destination, formation }: Target): boolean {
  return segmentMatches(segments[0], destination) && segmentMatches(segments[1], formation);
}

/** Keys of nested maps may hold dots, so words are joined by a character that no key has. */
const keyOf = (word: readonly string[]): string => word.join('\0');

/** The entries of one target, ready to be asked for words. */
export class WordTable<Content> {
  /** Entries without a wildcard in their word, by word. */
  readonly #literal = new Map<string, Addressed<Content>[]>();
  readonly #wildcards: Addressed<Content>[] = [];
  /** For each inner word, the words of the leaves below it. */
  readonly #below = new Map<string, Map<string, readonly string[]>>();

  constructor(entries: readonly Addressed<Content>[]) {
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: Addressed<Content>): void {
    const word = entry.segments.slice(2);
    if (word.includes(WILDCARD)) {
      this.#wildcards.push(entry);
      return;
    }
    const key = keyOf(word);
    const same = this.#literal.get(key);
    if (same !== undefined) same.push(entry);
    else this.#literal.set(key, [entry]);
    for (let length = 1; length < word.length; length++) {
      const prefix = keyOf(word.slice(0, length));
      const below = this.#below.get(prefix);
      if (below !== undefined) below.set(key, word);
      else this.#below.set(prefix, new Map([[key, word]]));
    }
  }

  /** Every word that has a value, and every inner one, for suggestions. */
  words(): string[] {
    const keys = [...this.#literal.keys(), ...this.#below.keys()];
    return [...new Set(keys)].map(key => key.replaceAll('\0', '.'));
  }

  lookup(word: readonly string[]): Lookup<Content> {
    const leaf = this.#leaf(word);
    const below = this.#below.get(keyOf(word));
    if (below === undefined) return leaf;
    if (leaf.kind === 'leaf') {
      const [inner] = this.#literal.get([...below.keys()][0] ?? '') ?? [];
      return inner === undefined ? leaf : { kind: 'conflict', entries: [leaf.entry, inner] };
    }
    return leaf.kind === 'none' ? this.#map(word, [...below.values()]) : leaf;
  }

  #leaf(word: readonly string[]): Lookup<Content> {
    const wildcards = this.#wildcards.filter(({ segments }) => matchesWord(segments, word));
    const candidates = [...(this.#literal.get(keyOf(word)) ?? []), ...wildcards];
    let best: Addressed<Content> | undefined;
    let rival: Addressed<Content> | undefined;
    for (const candidate of candidates) {
      if (best === undefined || weight(candidate) > weight(best)) [best, rival] = [candidate, undefined];
      else if (weight(candidate) === weight(best)) rival = candidate;
    }
    if (best === undefined) return { kind: 'none' };
    return rival === undefined ? { kind: 'leaf', entry: best } : { kind: 'tie', entries: [best, rival] };
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

function matchesWord(segments: readonly string[], word: readonly string[]): boolean {
  return (
    segments.length === word.length + 2 &&
    word.every((part, index) => segmentMatches(segments[index + 2], part))
  );
}
