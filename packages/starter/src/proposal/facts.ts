import type { RepositoryFiles } from '../look/repository-files.ts';
import type { Contribution } from './contribution.ts';

/** What a proposal is made from. */
export interface Facts {
  /** The files in the folder of the application. */
  readonly files: RepositoryFiles;
  /** The name of the application. */
  readonly name: string;
  /**
   * The folder of slipway.yaml, of `homeIn`, relative to the files. Undefined for that of the files, which is refused if another program
   * has files where Slipway reads its own.
   */
  readonly home?: string;
  /** Answers by the id of their question; the likely answer is taken for those without one. */
  readonly answers: Answers;
}

export type Answers = Readonly<Record<string, string>>;

/** A part of the proposal, which sees what the parts before it propose. */
export type Part = (facts: Facts, soFar: Contribution) => Promise<Contribution>;
