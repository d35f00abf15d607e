import { compareVersions } from '../values/compare.ts';
import { EvaluationFailure } from '../values/failure.ts';
import { SemverValue } from '../values/values.ts';
import { readingCost } from './costs.ts';
import type { Library } from './function-table.ts';

const NUMBER = '(0|[1-9]\\d*)';
const versionPattern = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$`,
);

const MAX_UINT64 = (1n << 64n) - 1n;

function parse(text: string): SemverValue | undefined {
  const match = versionPattern.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', prerelease, build] = match;
  const parts = prerelease?.split('.') ?? [];
  if (parts.some(part => /^0\d+$/.test(part))) return undefined;
  const numbers = [major, minor, patch, ...parts.filter(part => /^\d+$/.test(part))];
  if (numbers.some(number => BigInt(number) > MAX_UINT64)) return undefined;
  return new SemverValue(BigInt(major), BigInt(minor), BigInt(patch), parts, build?.split('.') ?? []);
}

/** A version without a leading `v` and leading zeros, with missing parts filled in. */
function normalize(text: string): string {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [major, minor, rest.length === 0 ? undefined : rest.join('.')].filter(
    part => part !== undefined,
  );
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) return '';
  while (parts.length < 3) parts.push('0');
  return parts.map(part => (part.length > 1 ? withoutZeros(part) : part)).join('.');
}

function withoutZeros(part: string): string {
  const rest = part.replace(/^0+/, '');
  return /^\d/.test(rest) ? rest : `0${rest}`;
}

function read(text: string, lenient = false): SemverValue {
  const version = parse(lenient ? normalize(text) : text);
  if (version !== undefined) return version;
  throw new EvaluationFailure(
    text.split('.').length < 3
      ? 'No Major.Minor.Patch elements found'
      : `Invalid character(s) found in version ${JSON.stringify(text)}`,
  );
}

function isVersion(text: string, lenient = false): boolean {
  return parse(lenient ? normalize(text) : text) !== undefined;
}

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/semverlib.go */
export const versions: Library = {
  since: 33,
  functions: [
    ['semver(string): Semver', read, readingCost],
    ['semver(string, bool): Semver', read, readingCost],
    ['isSemver(string): bool', isVersion, readingCost],
    ['isSemver(string, bool): bool', isVersion, readingCost],
    ['Semver.isGreaterThan(Semver): bool', (a: SemverValue, b: SemverValue) => compareVersions(a, b) > 0],
    ['Semver.isLessThan(Semver): bool', (a: SemverValue, b: SemverValue) => compareVersions(a, b) < 0],
    [
      'Semver.compareTo(Semver): int',
      (a: SemverValue, b: SemverValue) => BigInt(Math.sign(compareVersions(a, b))),
    ],
    ['Semver.major(): int', ({ major }: SemverValue) => BigInt.asIntN(64, major)],
    ['Semver.minor(): int', ({ minor }: SemverValue) => BigInt.asIntN(64, minor)],
    ['Semver.patch(): int', ({ patch }: SemverValue) => BigInt.asIntN(64, patch)],
  ],
};
