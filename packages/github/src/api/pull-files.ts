import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** Returns the files that a pull request changes, including the former names of renamed ones. GitHub lists at most 3,000. */
export async function changedFilesOf(
  api: GitHubApi,
  repository: string,
  pull: number,
): Promise<readonly string[]> {
  const name = splitRepository(repository);
  const files = await api.list('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    ...name,
    pull_number: pull,
  });
  return files.flatMap(({ filename, previous_filename }) =>
    previous_filename === undefined ? [filename] : [filename, previous_filename],
  );
}
