/** The files of a repository, or of a folder of it. Paths are relative to that folder, with `/`. */
export interface RepositoryFiles {
  /** Regular files, sorted; folders of tools and of dependencies are left out. */
  readonly paths: readonly string[];
  /** Symbolic links, sorted, which are never followed. */
  readonly links: readonly string[];
  /** Whether there were so many files that some are not listed. */
  readonly isCut: boolean;
  has(path: string): boolean;
  /** The file, or the folder above it with a slash at its end, that Git ignores, so that no job has it; undefined if it has it. */
  ignoredBy(path: string): string | undefined;
  /**
   * Undefined if the file is not listed, or is not text in UTF-8.
   * @throws SlipwayError `look-failed` if it cannot be read or is larger than files of configuration are
   */
  readText(path: string): Promise<string | undefined>;
}

/** Files that are given as texts, by path. */
export function filesOf(texts: Readonly<Record<string, string>>): RepositoryFiles {
  const paths = Object.keys(texts).sort();
  return {
    paths,
    links: [],
    isCut: false,
    has: path => Object.hasOwn(texts, path),
    ignoredBy: () => undefined,
    readText: path => Promise.resolve(Object.hasOwn(texts, path) ? texts[path] : undefined),
  };
}

/** The files in a folder and below it, with paths relative to it; those of the repository for the empty path. */
export function filesIn(files: RepositoryFiles, folder: string): RepositoryFiles {
  if (folder === '') return files;
  const below = (paths: readonly string[]): string[] =>
    paths.filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1));
  return {
    ...files,
    paths: below(files.paths),
    links: below(files.links),
    has: path => files.has(`${folder}/${path}`),
    ignoredBy: path => {
      const found = files.ignoredBy(`${folder}/${path}`);
      // A folder above this one, or this one, has no path in it.
      return found?.startsWith(`${folder}/`) && found !== `${folder}/`
        ? found.slice(folder.length + 1)
        : found && './';
    },
    readText: path => files.readText(`${folder}/${path}`),
  };
}

/**
 * The same files, of which Git ignores some.
 * @param ignored their paths, and those of folders with a slash at their end
 */
export function withIgnored(files: RepositoryFiles, ignored: readonly string[]): RepositoryFiles {
  const known = new Set(ignored);
  const ignoredBy = (path: string): string | undefined =>
    [...foldersAbove(path), path].find(one => known.has(one));
  return { ...files, ignoredBy };
}

/** The outermost first, each with a slash at its end. */
function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1));
}
