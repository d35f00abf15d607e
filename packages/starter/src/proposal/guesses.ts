import type { ProposedFile } from './contribution.ts';

/** What is behind it, up to the end of the line, says why the line is a guess. */
export const GUESS = '# guess: ';

/** A line of a proposed file that is a guess; it is the line of the comment. */
export interface Guess {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

/** All guesses of some files, found by the comments that say so. */
export function guessesIn(files: readonly ProposedFile[]): Guess[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const start = line.indexOf(GUESS);
      return start < 0 ? [] : [{ path, line: index + 1, why: line.slice(start + GUESS.length).trim() }];
    }),
  );
}
