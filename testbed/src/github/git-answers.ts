import { execFileSync } from 'node:child_process';
import type { GitHubState } from './state.ts';
import { type Answer, NOT_FOUND, ok, type Told } from './told.ts';

const MAX_TREE = 100_000;

/** Answers from the Git repository in the folder of the state. */
export const GIT_ANSWERS = {
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': ({ parameters }, state) =>
    commitOf(state, parameters['commit_sha']),
  'GET /repos/{owner}/{repo}/commits/{ref}': ({ parameters }, state) => commitOf(state, parameters['ref']),
  'GET /repos/{owner}/{repo}/commits': ({ query }, state) => {
    const commits = git(state, 'rev-list', '--parents', query.get('sha') ?? 'HEAD');
    return commits === undefined ? NOT_FOUND : ok(commits.trim().split('\n').map(commitWithParents));
  },
  'GET /repos/{owner}/{repo}/compare/{basehead}': ({ parameters }, state) => {
    const [base = '', head = ''] = (parameters['basehead'] ?? '').split('...');
    const counts = git(state, 'rev-list', '--left-right', '--count', `${base}...${head}`, '--');
    const merged = git(state, 'merge-base', base, head)?.trim();
    if (counts === undefined || merged === undefined) return NOT_FOUND;
    const [behind = 0, ahead = 0] = counts.trim().split('\t').map(Number);
    const status = behind > 0 ? (ahead > 0 ? 'diverged' : 'behind') : ahead > 0 ? 'ahead' : 'identical';
    return ok({
      ...{ status, ahead_by: ahead, behind_by: behind, total_commits: ahead, commits: [] },
      ...{ base_commit: commitOf(state, base).body, merge_base_commit: commitOf(state, merged).body },
    });
  },
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': ({ parameters, query }, state) => {
    const recursive = query.has('recursive') ? ['-r', '-t'] : [];
    const listing = git(state, 'ls-tree', '-z', ...recursive, parameters['tree_sha'] ?? '');
    if (listing === undefined) return NOT_FOUND;
    const tree = listing
      .split('\0')
      .filter(line => line !== '')
      .map(line => {
        const [mode = '', type = '', sha = ''] = line.slice(0, line.indexOf('\t')).split(' ');
        return { path: line.slice(line.indexOf('\t') + 1), mode, type, sha };
      });
    return ok({ sha: parameters['tree_sha'], tree, truncated: tree.length > MAX_TREE });
  },
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}': ({ parameters }, state) => {
    const content = gitBytes(state, 'cat-file', 'blob', parameters['file_sha'] ?? '');
    if (content === undefined) return NOT_FOUND;
    // GitHub breaks lines of sixty characters.
    const encoded = content.toString('base64').replaceAll(/.{60}/g, '$&\n');
    return ok({ sha: parameters['file_sha'], size: content.length, content: encoded, encoding: 'base64' });
  },
  // Files are those of the default branch, unless another commit is named.
  'GET /repos/{owner}/{repo}/contents/{path}': ({ parameters, query }, state) => {
    const path = parameters['path'] ?? '';
    const content = gitBytes(state, 'cat-file', 'blob', `${query.get('ref') ?? 'HEAD'}:${path}`);
    if (content === undefined) return NOT_FOUND;
    const [encoding, name] = ['base64', path.replace(/^.*\//, '')];
    return ok({
      ...{ type: 'file', encoding, name, path, size: content.length, sha: '', url: '', git_url: null },
      ...{ html_url: null, download_url: null, _links: { git: null, html: null, self: '' } },
      content: content.toString('base64').replaceAll(/.{60}/g, '$&\n'),
    });
  },
} satisfies Record<string, Answer>;

/** Whether the repository has a commit: in Git, or as the head of a pull request that a test made up. */
export function hasCommit(state: GitHubState, sha: string): boolean {
  return (
    state.pulls.some(({ head, commits }) => head === sha || commits.includes(sha)) ||
    git(state, 'cat-file', '-e', `${sha}^{commit}`) !== undefined
  );
}

function commitOf(state: GitHubState, name = ''): Told {
  const text = git(state, 'rev-list', '--parents', '--max-count=1', name);
  if (text === undefined) return NOT_FOUND;
  return ok(commitWithParents(text.trim()));
}

/** A line of `git rev-list --parents`. */
function commitWithParents(line: string) {
  const [sha, ...parents] = line.split(' ');
  return { sha, parents: parents.map(parent => ({ sha: parent })) };
}

function git(state: GitHubState, ...args: readonly string[]): string | undefined {
  return gitBytes(state, ...args)?.toString();
}

function gitBytes({ directory }: GitHubState, ...args: readonly string[]): Buffer | undefined {
  try {
    return execFileSync('git', ['-C', directory, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
