import { writtenFrom } from '@slipway/workflows';
import { type WrittenFile, writtenFiles } from './written-files.ts';

const USUAL = 'main';

/**
 * The branch whose pushes the workflows of an application release, as they are written, else those of the other applications of its
 * repository; `main` where none says it, or two differ.
 * @param path of slipway.yaml
 */
export async function releasedBranch(repository: string, path: string): Promise<string> {
  const all = await writtenFiles(repository);
  const own = all.filter(({ text }) => writtenFrom(text) === path);
  return onlyBranchOf(own) ?? onlyBranchOf(all) ?? USUAL;
}

/** The branch whose pushes workflows release; undefined where none says it, or two differ. */
export function onlyBranchOf(files: readonly Pick<WrittenFile, 'text'>[]): string | undefined {
  const branches = files.flatMap(
    ({ text }) => /^ +push: \{ branches: \["?([^"\]]+)"?\] \}/m.exec(text)?.[1] ?? [],
  );
  const [first, ...others] = new Set(branches);
  return others.length === 0 ? first : undefined;
}
