import { BRANCH_ANSWERS } from './branch-answers.ts';
import { COMMENT_ANSWERS } from './comment-answers.ts';
import { DEPLOYMENT_ANSWERS } from './deployment-answers.ts';
import { ENVIRONMENT_ANSWERS } from './environment-answers.ts';
import { GIT_ANSWERS } from './git-answers.ts';
import { ISSUE_ANSWERS } from './issue-answers.ts';
import type { Operation } from './operations.ts';
import { missingPermission } from './permissions.ts';
import { PULL_ANSWERS } from './pull-answers.ts';
import type { GitHubState } from './state.ts';
import { STATUS_ANSWERS } from './status-answers.ts';
import { TEAM_ANSWERS } from './team-answers.ts';
import { type Answer, type Asked, FORBIDDEN, type Told } from './told.ts';
import { WORKFLOW_ANSWERS } from './workflow-answers.ts';

const ANSWERS: Readonly<Record<Operation, Answer>> = {
  ...GIT_ANSWERS,
  ...PULL_ANSWERS,
  ...COMMENT_ANSWERS,
  ...STATUS_ANSWERS,
  ...ISSUE_ANSWERS,
  ...DEPLOYMENT_ANSWERS,
  ...BRANCH_ANSWERS,
  ...ENVIRONMENT_ANSWERS,
  ...TEAM_ANSWERS,
  ...WORKFLOW_ANSWERS,
};

/**
 * GitHub's answer, from the state; lists are complete here and divided into pages elsewhere.
 * @param refusals gets what the token lacks
 */
export function answerFor(operation: Operation, asked: Asked, state: GitHubState, refusals: string[]): Told {
  const missing = missingPermission(operation, asked.token);
  if (missing === undefined) return ANSWERS[operation](asked, state);
  refusals.push(`${operation} needs ${missing}`);
  return FORBIDDEN;
}
