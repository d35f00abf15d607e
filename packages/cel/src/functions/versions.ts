import { compareVersions } from '../values/compare.ts';
import { EvaluationFailure } from '../values/failure.ts';
import { SemverValue } from '../values/values.ts';
import { readingCost } from './costs.ts';
import type { Library } from './function-table.ts';

const NUMBER = '(0|[1-9]\\d*)';
const versionPattern = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$`,
);

function parse(text: string): SemverValue | undefined {
  const match = versionPattern.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', prerelease, build] = match;
  const parts = prerelease?.split('.') ?? [];
  if (parts.some(part => /^0\d+$/.test(part))) return undefined;
  return new SemverValue(BigInt(major), BigInt(minor), BigInt(patch), parts, build?.split('.') ?? []);
}

/** A version without a leading `v` and leading zeros, with missing parts filled in. */
function normalize(text: string): string {
  const parts = text.replace(/^v/, '').split('.');
  const [major = '', minor = '0', ...rest] = parts;
  const patch = rest.length === 0 ? '0' : rest.join('.');
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) return '';
  return [major, minor, patch].map(part => part.replace(/^0+(?=\d)/, '')).join('.');
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
    ['Semver.major(): int', ({ major }: SemverValue) => major],
    ['Semver.minor(): int', ({ minor }: SemverValue) => minor],
    ['Semver.patch(): int', ({ patch }: SemverValue) => patch],
  ],
};
