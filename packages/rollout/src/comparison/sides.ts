import { isPodsWord, parseTemplate, WINDOW_WORD } from '@slipway/core';
import type { Both } from '@slipway/judging';

/**
 * The pods of one version, by the name that their workload has in the manifests. Those that have ended in the window belong to them: the
 * `*` in `api-7d9f-*` is what a ReplicaSet adds to its name for each of its pods.
 */
export type PodsOfSide = Readonly<Record<string, readonly string[]>>;

/** The two versions that serve beside each other. */
export type StepSides = Both<PodsOfSide>;

/** When a step is judged: what came before is its warm-up. */
export interface JudgedWindow {
  readonly from: Date;
  readonly to: Date;
}

/** A query about the pods of one version, or why it cannot be asked. */
export type SideQuery = { readonly query: string } | { readonly missing: string };

/** Fills `${pods}`, `${pods.api}` and `${window}` of a query whose other words are filled. */
export function queryOfSide(query: string, pods: PodsOfSide, { from, to }: JudgedWindow): SideQuery {
  const missing: string[] = [];
  const text = parseTemplate(query)
    .parts.map(part => {
      if (part.kind === 'text') return part.text;
      if (part.word === WINDOW_WORD) return `${Math.round((to.getTime() - from.getTime()) / 1000)}s`;
      const chosen = podsOf(part.word, pods);
      if (chosen.length === 0) missing.push(`it has no pods for \${${part.word}}`);
      return podPattern(chosen);
    })
    .join('');
  return missing.length > 0 ? { missing: missing.join(', ') } : { query: text };
}

function podsOf(word: string, pods: PodsOfSide): readonly string[] {
  if (!isPodsWord(word)) return [];
  return word === 'pods' ? Object.values(pods).flat() : (pods[word.slice('pods.'.length)] ?? []);
}

/**
 * A regular expression of RE2 for exactly these names, short where they begin alike, as those of one workload do: it is part of an
 * address. A dot is escaped by brackets, as each kind of quotes of PromQL takes a backslash in its own way.
 */
export function podPattern(names: readonly string[]): string {
  const byStart = Map.groupBy(new Set(names), name => name.slice(0, name.lastIndexOf('-') + 1));
  return [...byStart]
    .map(([start, group]) => {
      const ends = group.map(name => escaped(name.slice(start.length)));
      return `${escaped(start)}${ends.length === 1 ? ends[0] : `(?:${ends.join('|')})`}`;
    })
    .join('|');
}

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/storage/names/generate.go */
const ADDED = '[a-z0-9]{5}';

/** Names of pods have letters, digits, hyphens and dots; whatever else came would end the text that it is written into. */
function escaped(text: string): string {
  return text
    .replace(/[^a-z0-9.*-]/g, '')
    .replaceAll('.', '[.]')
    .replaceAll('*', ADDED);
}

/** The label that a query selects pods by: the one beside its first `${pods}`. */
export function podLabel(query: string): string | undefined {
  return /([A-Za-z_][A-Za-z0-9_]*)\s*=~\s*["'`](?:\^|\()?\$\{pods[.}]/.exec(query)?.[1];
}
