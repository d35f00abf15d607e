import { hasPlaceholder, nearest, type Problem, parseTemplate, quote } from '@slipway/core';
import type { YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { layersOf, type Repository } from '../repository/repository.ts';
import { type Addressed, formatAddress, segmentMatches, WILDCARD } from '../values/address.ts';

/** The words after `config.` and `secret.` that any stencil or patch uses, for whichever formation. */
export interface UsedWords {
  readonly config: ReadonlySet<string>;
  readonly secret: ReadonlySet<string>;
}

/** A warning for each value and secret that nothing uses: it is misspelled or a leftover. */
export function unusedEntries({ values, secrets }: Repository, used: UsedWords): Problem<RenderErrorCode>[] {
  return [
    ...unusedOf(values.entries, used.config, 'value'),
    ...unusedOf(secrets.entries, used.secret, 'secret'),
  ];
}

/** An error for each word of the `set` input that nothing uses, since the run would silently ignore it. */
export function unusedOverrides(
  set: Readonly<Record<string, string>>,
  { config }: UsedWords,
): Problem<RenderErrorCode>[] {
  const words = Object.keys(set);
  return words
    .filter(word => !isUsed(word.split('.'), config))
    .map(word => ({
      code: 'set-invalid',
      message: `no stencil uses the word ${quote(word)} of input "set"`,
      remedy: chooseWord(word, config),
    }));
}

function chooseWord(word: string, config: ReadonlySet<string>): string {
  if (config.size === 0) return 'remove it, as no stencil uses a word of config';
  const candidate = nearest(word, config);
  return candidate === undefined
    ? `choose one of ${[...config].sort().join(', ')}`
    : `did you mean ${quote(candidate)}?`;
}

function unusedOf(
  entries: readonly Addressed<unknown>[],
  used: ReadonlySet<string>,
  what: string,
): Problem<RenderErrorCode>[] {
  return entries
    .filter(({ segments, isShared }) => isShared !== true && !isUsed(segments.slice(2), used))
    .map(entry => ({
      code: 'value-unused',
      at: entry.at,
      message: `no stencil uses the ${what} ${quote(formatAddress(entry))}`,
      remedy: 'remove it, or use it',
    }));
}

/** A word uses its own entry and, as a map, all entries below it. */
function isUsed(word: readonly string[], used: ReadonlySet<string>): boolean {
  if (!word.includes(WILDCARD)) return word.some((_, index) => used.has(word.slice(0, index + 1).join('.')));
  return [...used].some(text => {
    const segments = text.split('.');
    return (
      segments.length <= word.length &&
      segments.every((segment, index) => segmentMatches(word[index], segment))
    );
  });
}

/** @param foreign the nodes of other tools' manifests that contain placeholders */
export function usedWords(
  { stencils, formationFiles, spawning }: Repository,
  foreign: readonly YamlNode[] = [],
): UsedWords {
  const used = { config: new Set<string>(), secret: new Set<string>() };
  let known: string | undefined;
  for (const { root, source } of stencils) {
    // Documents of one file share its source, which was searched already.
    if (source === known) continue;
    if (usesOnlyKnownWords(source, used)) known = source;
    else collectWords(root, used);
  }
  for (const node of foreign) collectWords(node, used);
  const files = [...formationFiles.values(), ...spawning.values()].flatMap(layersOf);
  for (const { document } of new Set(files)) collectWords(document.root, used);
  return used;
}

/**
 * Whether the source uses only words that are known already, as most stencils do: searching the text takes a tenth of the time of visiting
 * all nodes. An escape may hide a placeholder, so texts with one are not decided here.
 */
function usesOnlyKnownWords(source: string, used: { config: Set<string>; secret: Set<string> }): boolean {
  if (source.includes('\\')) return false;
  for (const [, root = '', word = ''] of source.matchAll(/\$\{(config|secret)\.([^}]*)\}/g))
    if (!(root === 'config' ? used.config : used.secret).has(word)) return false;
  return true;
}

function collectWords(node: YamlNode, used: { config: Set<string>; secret: Set<string> }): void {
  if (node.kind === 'map') for (const { value } of node.entries.values()) collectWords(value, used);
  else if (node.kind === 'list') for (const item of node.items) collectWords(item, used);
  else if (hasPlaceholder(node.text)) {
    for (const part of parseTemplate(node.text).parts) {
      if (part.kind !== 'word') continue;
      if (part.word.startsWith('config.')) used.config.add(part.word.slice('config.'.length));
      if (part.word.startsWith('secret.')) used.secret.add(part.word.slice('secret.'.length));
    }
  }
}
