import type { RepositoryFiles } from '../../look/repository-files.ts';
import type { Program } from './program-facts.ts';

/** A language: what recognises its programs. */
export interface Language {
  /** The name of a file that each program in this language has in its folder. */
  readonly markers: RegExp;
  /** What its programs have, as the end of `init knows it by …`. */
  readonly knownBy: string;
  /**
   * The program whose files these are, undefined if they are a library, or nothing that runs.
   * @param files of the build's context
   */
  recognise(files: RepositoryFiles): Promise<Program | undefined>;
  /** Whether files that are not recognised say themselves that they are a library, or the parent of other folders. */
  isLibrary?(files: RepositoryFiles): Promise<boolean>;
}
