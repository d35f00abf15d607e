import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { asServerWrites, type KubernetesObject } from '@slipway/kubernetes';
import { mergeApplied } from '../../src/objects/local-merge.ts';
import { isUnchanged } from '../../src/objects/unchanged.ts';
import { ALL_LISTS, pick, type Random, type RandomList, randomOf } from './random-lists.ts';
import { playHistories, type State, type Step } from './server-side-apply.ts';

const MANAGER = 'slipway';

export interface MergeComparison {
  readonly compared: number;
  /** Merges that were not compared, because a custom resource's list type was a guess. */
  readonly guessed: number;
  /** Applies that the field manager refuses because of a conflict, which must be found here too. */
  readonly refused: number;
  /** Applies that change nothing, and how many of them were known as such here. */
  readonly equal: number;
  readonly proven: number;
  readonly differences: readonly JsonObject[];
}

/** Compares the local merge with structured-merge-diff, for histories of several managers. */
export async function compareMerges(
  client: ClusterClient,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<MergeComparison> {
  const random = randomOf(seed);
  const histories = Array.from({ length: count }, () => historyOf(random, pick(random, ALL_LISTS)));
  const versions = new Set(
    histories.map(([first]) => String((first as { apply: JsonObject }).apply['apiVersion'])),
  );
  const played = await playHistories(client, [...versions], histories);
  const results = played.map((states, index) => judge(histories[index] as Step[], states));
  const guessed = results.filter(({ isGuess }) => isGuess).length;
  const same = results.filter(({ isEqual }) => isEqual);
  return {
    compared: results.length - guessed,
    guessed,
    refused: results.filter(({ isRefused }) => isRefused).length,
    equal: same.length,
    proven: same.filter(({ isProven }) => isProven).length,
    differences: results.flatMap(({ difference }) => (difference === undefined ? [] : [difference])),
  };
}

/** We apply, others and the server change it, and we apply again. */
function historyOf(random: Random, list: RandomList): Step[] {
  const draw = (): JsonObject => list.manifest('x', random);
  const first = draw();
  const others = Array.from({ length: Math.floor(random() * 3) }, (): Step => {
    const { apiVersion: _apiVersion, kind: _kind, metadata, ...update } = draw();
    const apply = draw();
    return pick<Step>(random, [
      { manager: pick(random, ['kubectl', 'helm']), apply, force: true },
      { manager: 'controller', update: { ...update, metadata: { labels: { by: 'controller' } } } },
      { manager: '', update: isJsonObject(metadata) ? update : {} },
    ]);
  });
  const last = random() < 0.3 ? first : draw();
  return [
    { manager: MANAGER, apply: first, force: true },
    ...others,
    { manager: MANAGER, apply: last, force: false },
    { manager: MANAGER, apply: last, force: true },
  ];
}

interface Result {
  readonly isGuess: boolean;
  readonly isRefused: boolean;
  readonly isEqual: boolean;
  readonly isProven: boolean;
  readonly difference?: JsonObject;
}

function judge(history: readonly Step[], states: readonly State[]): Result {
  const [before, careful, after] = states.slice(-3) as [State, State, State];
  const { apply } = history.at(-1) as { apply: JsonObject };
  const live = sorted(before.object as unknown as JsonObject) as unknown as KubernetesObject;
  const applied = apply as unknown as KubernetesObject;
  const { object, conflicts, certain } = mergeApplied(applied, live, MANAGER);
  const isProven = isUnchanged(applied, live, MANAGER);
  const isEqual =
    isDeepStrictEqual(content(before.object), content(after.object)) && sameOwners(before, after);
  const isRefused = careful.refused !== undefined;
  const found = { isEqual, isProven, isRefused, isGuess: false };
  const describe = (what: string): Result => ({
    ...found,
    difference: {
      what,
      history: history as never,
      live: live as never,
      here: object as never,
      there: after.object as never,
      refused: careful.refused ?? '',
    },
  });
  if (after.refused !== undefined) return describe(after.refused);
  if (isProven && !isEqual) return describe('called unchanged');
  if (!certain) return { ...found, isGuess: true };
  if (!isDeepStrictEqual(content(object), content(after.object))) return describe('merged differently');
  if (isRefused !== conflicts.length > 0) return describe('a conflict');
  return found;
}

function sameOwners(before: State, after: State): boolean {
  const owners = ({ object }: State): JsonValue[] =>
    ((object.metadata['managedFields'] ?? []) as JsonObject[]).map(({ time: _time, ...entry }) => entry);
  const inOrder = (entries: JsonValue[]): string[] =>
    entries.map(entry => JSON.stringify(sorted(entry))).sort();
  return isDeepStrictEqual(inOrder(owners(before)), inOrder(owners(after)));
}

/**
 * An object without its owners, with quantities as the server writes them, and without the one default that the merge fills in: a
 * key's, which the server adds afterwards.
 */
function content(object: KubernetesObject): JsonValue {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  const whole = { ...(object as unknown as JsonObject), metadata: metadata as JsonObject };
  return sorted(asServerWrites(whole, object, []), isPreset);
}

const isPreset = (key: string, value: JsonValue): boolean => key === 'protocol' && value === 'TCP';

/** With sorted keys, and plain prototypes. */
function sorted(
  value: JsonValue,
  isLeftOut: (key: string, value: JsonValue) => boolean = () => false,
): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => sorted(item, isLeftOut));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([key, inner]) => inner !== null && !isLeftOut(key, inner))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner, isLeftOut)]));
}
