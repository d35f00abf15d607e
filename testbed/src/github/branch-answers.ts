import type { GitHubState } from './state.ts';
import { type Answer, type Asked, NOT_FOUND, ok, type Told } from './told.ts';

/** What GitHub says to who administers a repository, where only a ruleset or nothing protects the branch. */
const NOT_PROTECTED: Told = { status: 404, body: { message: 'Branch not protected', status: '404' } };

/** Answers about the branches of the state and what protects them. https://docs.github.com/en/rest/branches */
export const BRANCH_ANSWERS = {
  'GET /repos/{owner}/{repo}/branches': ({ query }, { branches }) => {
    const wanted = query.get('protected');
    const all = [...branches].map(([name, by]) => ({ name, protected: by !== 'nothing' }));
    return ok(all.filter(branch => wanted === null || String(branch.protected) === wanted));
  },
  'GET /repos/{owner}/{repo}/branches/{branch}': (asked, state) => {
    const by = protectionOf(asked, state);
    return by === undefined
      ? NOT_FOUND
      : ok({ name: asked.parameters['branch'], protected: by !== 'nothing', protection: {} });
  },
  // Only who administers the repository may read it, and everyone else is told nothing.
  'GET /repos/{owner}/{repo}/branches/{branch}/protection': (asked, state) => {
    const by = protectionOf(asked, state);
    if (asked.token.admin !== true || by === undefined) return NOT_FOUND;
    return by === 'rule' ? ok({}) : NOT_PROTECTED;
  },
} satisfies Record<string, Answer>;

function protectionOf({ parameters }: Asked, { branches }: GitHubState) {
  return branches.get(parameters['branch'] ?? '');
}
