import { guessed, type Known, known } from '../../facts/known.ts';

/** How a build tool makes a program: its stage, and what it leaves in /app. */
export interface JavaBuild {
  readonly manager: 'maven' | 'gradle';
  readonly lock?: string;
  readonly runtime: Known<string>;
  readonly dependencies: readonly string[];
  readonly lines: readonly string[];
  /** In /app. */
  readonly jar: string;
  readonly ignored: readonly string[];
}

/** Versions with long support. */
const SUPPORTED = [17, 21, 25];

/** The oldest supported Java that runs what is compiled for `declared`. */
export function jdkFor(declared: string | undefined, dependencies: readonly string[]): Known<string> {
  if (declared === undefined) return guessed('21', 'nothing names a version of Java');
  if (SUPPORTED.includes(Number(declared))) return known(declared);
  const suits = SUPPORTED.find(version => version > Number(declared)) ?? 25;
  const why = dependencies.length === 0 ? '' : `, and a program that is compiled for ${declared} runs on it`;
  return guessed(`${suits}`, `Java ${declared} is not supported any more${why}`);
}
