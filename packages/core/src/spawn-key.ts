import { createHash } from 'node:crypto';
import { MAX_NAME_LENGTH } from './names.ts';

/** What tells the instances of a spawned formation apart, beside its name: `preview` with the key `1234` is `preview-1234`. */
const MAX_KEY_LENGTH = 20;
const HASH_LENGTH = 5;

/** Longer names would leave no room for a slug that people recognise. */
export const MAX_SPAWNING_NAME_LENGTH = 27;

const SLUG = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const NUMBER = /^[1-9][0-9]*$/;
/** A slug that could be the one of another text, with its hash. */
const LOOKS_HASHED = new RegExp(`-[0-9a-f]{${HASH_LENGTH}}$`);
/** What Git allows in the name of no branch: https://git-scm.com/docs/git-check-ref-format */
const IN_NO_BRANCH =
  /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|^-|\/$|\.$|(?:^|\/)\.|\.lock(?:\/|$)|^@$/;
const MAX_BRANCH_LENGTH = 244;

/** The characters that a key of this formation may have, so that the name of its instance is one of a formation. */
export function maxKeyLength(formation: string): number {
  return Math.min(MAX_KEY_LENGTH, MAX_NAME_LENGTH - 1 - formation.length);
}

/** Whether a text is the key of an instance as it is, and not one that a key is made of. */
export function isSpawnKey(text: string, formation: string): boolean {
  return SLUG.test(text) && text.length <= maxKeyLength(formation);
}

/** Whether a text is the number of a pull request. */
export function isPullNumber(text: string): boolean {
  return NUMBER.test(text) && Number.isSafeInteger(Number(text));
}

/**
 * The key for a pull request or a branch: the number, or the name as a slug. Names that a slug does not have as they are get a part of
 * their hash, so that `feature/A` and `feature-a` are two.
 * @param text the number of a pull request, or the name of a branch
 * @returns undefined for a text that is neither
 */
export function spawnKeyOf(text: string, formation: string): string | undefined {
  if (isPullNumber(text)) return isSpawnKey(text, formation) ? text : undefined;
  // Such as 07, which people would take for a number.
  if (/^0[0-9]*$/.test(text)) return undefined;
  return isBranch(text) ? slugOf(text, formation) : undefined;
}

/** The key for a branch, which may be called like the number of a pull request, and is another one then. */
export function branchKeyOf(branch: string, formation: string): string | undefined {
  if (!isBranch(branch)) return undefined;
  return NUMBER.test(branch) ? hashed(branch, formation) : slugOf(branch, formation);
}

/** The name of the instance with a key. */
export function spawnedName(formation: string, key: string): string {
  return `${formation}-${key}`;
}

/** The formation of which a name can be the one of an instance. */
export function spawningOf(name: string, spawning: Iterable<string>): string | undefined {
  return [...spawning].find(
    formation => name.startsWith(`${formation}-`) && isSpawnKey(name.slice(formation.length + 1), formation),
  );
}

function isBranch(text: string): boolean {
  return text !== '' && text.length <= MAX_BRANCH_LENGTH && !IN_NO_BRANCH.test(text);
}

function slugOf(branch: string, formation: string): string {
  return isSpawnKey(branch, formation) && !LOOKS_HASHED.test(branch) ? branch : hashed(branch, formation);
}

function hashed(branch: string, formation: string): string {
  const room = maxKeyLength(formation) - HASH_LENGTH - 1;
  const slug = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, Math.max(0, room))
    .replace(/-+$/, '');
  const hash = createHash('sha256').update(branch).digest('hex').slice(0, HASH_LENGTH);
  return slug === '' ? `x-${hash}` : `${slug}-${hash}`;
}
