import { type Destination, type Problem, quote, SPAWN_WORD } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile } from './repository.ts';

type Files = ReadonlyMap<string, Pick<FormationFile, 'formation' | 'document'>>;

/** What tells the instances of a formation from those of others at a destination. */
interface Prefix {
  readonly formation: string;
  /** `namespace` or `name-prefix`, as sentences have it. */
  readonly what: string;
  /** What it has to differ within: a cluster, or a namespace of one. */
  readonly within: string;
  readonly prefix: string;
  readonly at: Problem['at'];
}

/** Formations whose instances would have the same names. */
export function samePrefixes(files: Files): Problem<RenderErrorCode>[] {
  return pairsOf(files, (one, other) => one.prefix === other.prefix).map(([one, other]) => ({
    code: 'spawn-prefix-shared',
    ...(other.at && { at: other.at }),
    message: `instances of ${quote(one.formation)} and of ${quote(other.formation)} would have the same ${other.what}, which begins with ${quote(other.prefix)} for both`,
    remedy: 'give one of the two another beginning',
  }));
}

/** Formations of which one may have an instance whose name is that of an instance of the other: `shop-` and `pr-2`, `shop-pr-` and `2`. */
export function containedPrefixes(files: Files): Problem<RenderErrorCode>[] {
  const isWithin = (one: Prefix, other: Prefix): boolean =>
    one.prefix !== other.prefix &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix));
  return pairsOf(files, isWithin).map(([one, other]) => ({
    code: 'spawn-prefix-within',
    ...(other.at && { at: other.at }),
    message: `instances of ${quote(one.formation)} and of ${quote(other.formation)} may have the same ${other.what}, since ${quote(one.prefix)} and ${quote(other.prefix)} begin alike`,
    remedy: 'let neither of the two begin with the other',
  }));
}

function pairsOf(
  files: Files,
  isFound: (one: Prefix, other: Prefix) => boolean,
): (readonly [Prefix, Prefix])[] {
  const prefixes = [...files.values()].flatMap(prefixesOf);
  return prefixes.flatMap((other, index) =>
    prefixes
      .slice(0, index)
      .filter(one => one.formation !== other.formation && one.within === other.within && isFound(one, other))
      .map(one => [one, other] as const),
  );
}

function prefixesOf({ formation, document }: Pick<FormationFile, 'formation' | 'document'>): Prefix[] {
  const { spawn, destinations } = formation.spec;
  if (spawn === undefined) return [];
  const name = formation.metadata.name;
  const before = (text: string): string => text.split(SPAWN_WORD)[0] ?? '';
  return Object.entries(destinations).map(([destination, declared]) => {
    const cluster = clusterOf(declared);
    return spawn.form === 'create'
      ? {
          formation: name,
          what: 'namespace',
          within: cluster,
          prefix: before(declared.namespace),
          at: document.positionOf(['spec', 'destinations', destination, 'namespace']),
        }
      : {
          formation: name,
          what: 'name-prefix in one namespace',
          within: JSON.stringify([cluster, declared.namespace]),
          prefix: before(formation.spec['name-prefix'] ?? ''),
          at: document.keyPositionOf(['spec', 'name-prefix']),
        };
  });
}

/** Destinations that name none are in the cluster of the kubeconfig. */
function clusterOf({ cluster, context }: Destination): string {
  return cluster?.server ?? context ?? '';
}
