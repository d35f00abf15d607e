import { type Finding, formatProblem, SlipwayError } from '@slipway/core';
import {
  type Approval,
  type FoundApprovals,
  findApprovalsOf,
  type GitHubApi,
  pullRequestOf,
  type ReviewedPull,
  type Runner,
  readReviewedPull,
  shortFingerprint,
} from '@slipway/github';

/** The pull request that is checked, with what people said of it. */
export interface CheckedPull {
  readonly api: GitHubApi;
  readonly pull: ReviewedPull;
}

/** Asks GitHub when it is first called: most runs have nothing to ask. */
export type ReadPull = () => Promise<CheckedPull | undefined>;

/** Undefined outside of a pull request, without a token, and where the token may not look, which is said. */
export async function readCheckedPull(
  openApi: (() => Promise<GitHubApi>) | undefined,
  { context, logger }: Runner,
): Promise<CheckedPull | undefined> {
  const pull = pullRequestOf(context);
  if (pull === undefined || openApi === undefined) return undefined;
  try {
    const api = await openApi();
    return { api, pull: await readReviewedPull(api, context.repository, pull) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    for (const problem of error.problems)
      logger.warning(`Nobody could look for approvals: ${formatProblem(problem)}`);
    return undefined;
  }
}

/** The findings in which those that somebody entitled approved are notices, and the others say how to approve. */
export async function settleSignOffs(
  found: readonly (readonly Finding[])[],
  readPull: ReadPull,
  runner: Runner,
): Promise<(readonly Finding[])[]> {
  const signOffs = found.flat().filter(isOpen);
  if (signOffs.length === 0) return [...found];
  const { approvals, hidden } = await lookUp(signOffs, await readPull());
  for (const team of hidden)
    runner.logger.warning(
      `The token may not see the members of the team ${team}: give one that may read the organisation's members`,
    );
  return found.map(findings => findings.map(finding => settled(finding, approvals.get(finding.fingerprint))));
}

/** Whether an approval would settle it. */
function isOpen({ approvers }: Finding): boolean {
  return approvers !== undefined;
}

async function lookUp(
  signOffs: readonly Finding[],
  checked: CheckedPull | undefined,
): Promise<Omit<FoundApprovals, 'pulls'>> {
  if (checked === undefined) return { approvals: new Map(), hidden: [] };
  const wanted = signOffs.map(({ fingerprint, approvers = [] }) => ({ fingerprint, approvers }));
  return await findApprovalsOf(checked.api, checked.pull, wanted);
}

function settled(finding: Finding, approval: Approval | undefined): Finding {
  if (!isOpen(finding)) return finding;
  if (approval !== undefined) {
    const said = `approved by ${approval.by} in pull request ${approval.pull}`;
    return { ...finding, severity: 'notice', message: `${finding.message} (${said})`, approval: said };
  }
  const how = `one of them approves this commit of the pull request, with "sign-off ${shortFingerprint(finding.fingerprint)}" in the review`;
  return { ...finding, fix: finding.fix === undefined ? how : `${finding.fix}; or ${how}` };
}
