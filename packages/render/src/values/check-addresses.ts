import { formatPosition, nearest, type Problem, quote, spawningOf } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { type Addressed, formatAddress, overlap, WILDCARD } from './address.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

type Declared = ReadonlyMap<string, readonly string[]>;

/** What the second segment of an address may name. */
export interface DeclaredNames {
  readonly formations: Declared;
  readonly spawning: readonly string[];
}

/**
 * Reports addresses whose destination or formation is not declared, so that they could never match.
 * @param formations the destinations of each formation
 * @param spawning those of which there are instances, whose names no file declares
 */
export function checkTargets(
  entries: readonly Addressed<unknown>[],
  { formations, spawning }: DeclaredNames,
  report: Report,
): void {
  for (const entry of entries) {
    const [destination = WILDCARD, formation = WILDCARD] = entry.segments;
    const known = spawningOf(formation, spawning) ?? formation;
    if (known !== WILDCARD && !formations.has(known))
      report(unknown(entry, 'formation', formation, [...formations.keys()]));
    else {
      const declared = destinationsOf(formations, known);
      if (destination !== WILDCARD && !declared.includes(destination))
        report(unknown(entry, `destination of ${inFormation(formation)}`, destination, declared));
    }
  }
}

function inFormation(formation: string): string {
  return formation === WILDCARD ? 'any formation' : `formation ${quote(formation)}`;
}

function destinationsOf(formations: Declared, name: string): readonly string[] {
  return name === WILDCARD ? [...new Set([...formations.values()].flat())] : (formations.get(name) ?? []);
}

function unknown(
  entry: Addressed<unknown>,
  what: string,
  name: string,
  declared: readonly string[],
): Problem<RenderErrorCode> {
  const candidate = nearest(name, declared);
  const remedy =
    candidate === undefined
      ? `choose one of ${declared.join(', ')}, or write * for all`
      : `did you mean ${quote(candidate)}?`;
  return {
    code: 'address-unknown',
    at: entry.at,
    message: `${quote(name)} in the address ${quote(formatAddress(entry))} is not a ${what}`,
    remedy,
  };
}

/** Reports each secret whose word is also that of a value, since a reader of the stencil could not tell which is meant. */
export function checkSecretsApart(
  secrets: readonly Addressed<unknown>[],
  values: readonly Addressed<unknown>[],
  report: Report,
): void {
  const byWord = Map.groupBy(values, ({ segments }) => segments.slice(2).join('\0'));
  for (const secret of secrets) {
    const sameWord = byWord.get(secret.segments.slice(2).join('\0')) ?? [];
    const value = sameWord.find(({ segments }) => overlap(segments, secret.segments));
    if (value === undefined) continue;
    report({
      code: 'address-conflict',
      at: secret.at,
      message: `${quote(formatAddress(secret))} is a secret here and a value at ${formatPosition(value.at)}`,
      remedy: 'rename one of them',
    });
  }
}
