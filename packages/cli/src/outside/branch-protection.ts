import { parseJsonIfAny } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, inPath } from './github-api.ts';
import type { GitHubRepository } from './github-repository.ts';

/** What an environment that admits protected branches means for one branch. */
export type BranchProtection =
  | { readonly state: 'protected' | 'unprotected' }
  /** No branch of the repository is protected, in which case GitHub lets every branch deploy. */
  | { readonly state: 'none' }
  | { readonly state: 'unknown'; readonly why: string };

/**
 * Whether a branch is one of those that an environment for protected branches admits.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
 * @param branch undefined if it is not known, which is never `protected`
 */
export async function readProtection(
  branch: string | undefined,
  repository: GitHubRepository,
  machine: Machine,
): Promise<BranchProtection> {
  const some = await askGitHub(machine, repository, '/branches?protected=true&per_page=1');
  const list = parseJsonIfAny(some.answer.stdout);
  if (some.status !== 200 || !Array.isArray(list)) return unknown(some.answer.said);
  if (list.length === 0) return { state: 'none' };
  if (branch === undefined) return unknown('the workflows do not say which branch they release');
  const path = `/branches/${inPath(branch)}`;
  const found = await askGitHub(machine, repository, path);
  if (found.status !== 200) return unknown(found.answer.said);
  if (found.body['protected'] !== true) return { state: 'unprotected' };
  // A ruleset makes a branch a protected one too, and GitHub's page on environments speaks of branch protection rules only.
  const rule = await askGitHub(machine, repository, `${path}/protection`);
  if (rule.status === 200) return { state: 'protected' };
  return unknown(
    /branch not protected/i.test(rule.answer.said)
      ? 'only a ruleset protects it, which may not count'
      : rule.answer.said,
  );
}

function unknown(why: string): BranchProtection {
  return { state: 'unknown', why };
}
