import type { FromSchema } from 'json-schema-to-ts';
import { SlipwayError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { quote } from '../quote.ts';

export type PackErrorCode = 'pack-level-unknown';

/** From the strictest to the mildest: `new` fails only what a pull request made worse. */
const LEVELS = ['error', 'new', 'warn'] as const;

export type PackLevel = (typeof LEVELS)[number];

/** A built-in pack of rules, with what becomes of the errors that it finds. */
export interface ChosenPack {
  readonly pack: string;
  readonly level: PackLevel;
}

export const packsSchema = {
  type: 'array',
  items: {
    type: ['string', 'object'],
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: { enum: LEVELS },
    description: 'a pack, or one pack with its level, such as workloads: warn',
  },
  description:
    'Built-in packs, such as pod-security/restricted. One may have a level: error (the default), warn, or new, with which only what a pull request made worse fails.',
} as const;

/** What a list of packs has in YAML: `workloads`, or the map that `workloads: warn` is there. */
export type WrittenPack = FromSchema<typeof packsSchema>[number];

/**
 * Reads `workloads`, which has the level `error`, or `workloads: warn`.
 * @throws SlipwayError `pack-level-unknown`
 */
export function parsePack(written: WrittenPack): ChosenPack {
  const [pack = '', given] = typeof written === 'string' ? partsOf(written) : entryOf(written);
  const level = given === undefined ? 'error' : LEVELS.find(known => known === given);
  if (level === undefined) throw unknownLevel(pack, given ?? '');
  return { pack, level };
}

function partsOf(text: string): readonly string[] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text.trim()] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function entryOf(map: Exclude<WrittenPack, string>): readonly string[] {
  return Object.entries(map).flatMap(([pack, level]) => [pack, String(level)]);
}

function unknownLevel(pack: string, given: string): SlipwayError<PackErrorCode> {
  const candidate = nearest(given, LEVELS);
  return new SlipwayError<PackErrorCode>({
    code: 'pack-level-unknown',
    message: `the pack ${quote(pack)} has the level ${quote(given)}, which does not exist`,
    remedy: candidate === undefined ? 'write error, warn or new' : `did you mean ${quote(candidate)}?`,
  });
}

/** The text that `parsePack` reads: a pack of the level `error` is its name alone. */
export function formatPack({ pack, level }: ChosenPack): string {
  return level === 'error' ? pack : `${pack}: ${level}`;
}

/** Whether a level lets no more pass than another one. */
export function isAtLeast(level: PackLevel, other: PackLevel): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(other);
}

/** Each pack once, with the strictest of its levels. */
export function strictestPacks(chosen: readonly ChosenPack[]): readonly ChosenPack[] {
  const levels = new Map<string, PackLevel>();
  for (const { pack, level } of chosen) {
    const known = levels.get(pack);
    if (known === undefined || isAtLeast(level, known)) levels.set(pack, level);
  }
  return [...levels].map(([pack, level]) => ({ pack, level }));
}
