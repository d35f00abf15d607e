import { SlipwayError } from '@slipway/core';
import type { GithubErrorCode } from '../error-codes.ts';
import type { GitHubApi } from './github-api.ts';
import { type RepositoryName, splitRepository } from './repository-name.ts';

/** One file of a commit's tree, with its path from the root of the repository. */
export interface RemoteEntry {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  readonly id: string;
}

/** The commits and files of a repository that GitHub shows to the token. */
export interface RemoteCommits {
  parentsOf(commit: string): Promise<readonly string[]>;
  /** Returns the commit of a branch, a tag or an id. */
  resolve(name: string): Promise<string>;
  /** The newest commits that a commit contains, itself included, with their parents; at most a hundred. */
  newestOf(commit: string): Promise<readonly { readonly id: string; readonly parents: readonly string[] }[]>;
  listTree(commit: string): Promise<readonly RemoteEntry[]>;
  readBlobs(entries: readonly RemoteEntry[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Whether a commit is another one or is before it in its history. */
  isContained(commit: string, head: string): Promise<boolean>;
}

/** More requests at a time would run into GitHub's secondary limits. */
const CONCURRENCY = 8;
const KINDS: Readonly<Record<string, RemoteEntry['kind']>> = { '120000': 'link', '160000': 'submodule' };

/** @param open opens the API on first use */
export function remoteCommits(open: () => Promise<GitHubApi>, repository: string): RemoteCommits {
  const name = splitRepository(repository);
  return {
    async parentsOf(commit) {
      const api = await open();
      const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
      const { parents } = await api.request(route, { ...name, commit_sha: commit });
      return parents.map(({ sha }) => sha);
    },
    async resolve(ref) {
      const { sha } = await (await open()).request('GET /repos/{owner}/{repo}/commits/{ref}', {
        ...name,
        ref,
      });
      return sha;
    },
    async newestOf(commit) {
      const api = await open();
      const commits = await api.request('GET /repos/{owner}/{repo}/commits', {
        ...name,
        sha: commit,
        per_page: 100,
      });
      return commits.map(({ sha, parents }) => ({ id: sha, parents: parents.map(parent => parent.sha) }));
    },
    async listTree(commit) {
      const route = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}';
      const answer = await (await open()).request(route, { ...name, tree_sha: commit, recursive: 'true' });
      if (answer.truncated) throw tooManyFiles(commit);
      return answer.tree
        .filter(({ type }) => type !== 'tree')
        .map(({ path, mode, sha }) => ({ path, kind: KINDS[mode] ?? 'file', id: sha }));
    },
    readBlobs: async entries => await readBlobs(await open(), name, entries),
    async isContained(commit, head) {
      const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
      // GitHub knows the commits of forks too; that of the second one has none of them before it.
      const { status } = await (await open()).request(route, { ...name, basehead: `${commit}...${head}` });
      return status === 'ahead' || status === 'identical';
    },
  };
}

async function readBlobs(
  api: GitHubApi,
  name: RepositoryName,
  entries: readonly RemoteEntry[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>();
  const waiting = new Set(entries.map(({ id }) => id)).values();
  const work = async (): Promise<void> => {
    for (const id of waiting) {
      const route = 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}';
      const { content, encoding } = await api.request(route, { ...name, file_sha: id });
      blobs.set(id, Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return blobs;
}

/** https://docs.github.com/en/rest/git/trees: 100,000 entries or 7 MB. */
function tooManyFiles(commit: string): SlipwayError<GithubErrorCode> {
  return new SlipwayError<GithubErrorCode>({
    code: 'github-not-found',
    message: `the commit ${commit} has more files than GitHub's API lists`,
    remedy: 'let actions/checkout persist its credentials, so that Git can fetch the commit',
  });
}
