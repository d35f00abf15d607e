import { resolve } from 'node:path';
import { defined, type Finding, type Problem } from '@slipway/core';
import type { SignedSince, SignOffs } from '@slipway/delivery';
import { headCommit, openCheckout } from '@slipway/git';
import {
  type Approval,
  type FoundApprovals,
  findApprovals,
  lookUpApprovals,
  openGitHubApi,
  type Runner,
  shortFingerprint,
} from '@slipway/github';

export interface ApprovalInputs {
  /** For GitHub's API; empty without one. */
  readonly token: string;
  /** Path of slipway.yaml. */
  readonly application: string;
}

const NOTHING: FoundApprovals = { approvals: new Map(), pulls: [], hidden: [] };

export function openSignOffs(inputs: ApprovalInputs, runner: Runner): SignOffs {
  const approved = new Map<string, Approval>();
  const { logger } = runner;
  return {
    async settle(findings, since) {
      const missing = findings.filter(({ fingerprint }) => !approved.has(fingerprint));
      if (missing.length === 0) return [];
      const found = await lookUp(missing, since, inputs, runner);
      for (const [fingerprint, approval] of found.approvals) approved.set(fingerprint, approval);
      for (const finding of missing) {
        const approval = approved.get(finding.fingerprint);
        if (approval !== undefined)
          logger.info(`${finding.rule}: approved by ${approval.by} in pull request ${approval.pull}`);
      }
      const left = missing.filter(({ fingerprint }) => !approved.has(fingerprint));
      return left.map(finding => refusal(finding, found, inputs.token));
    },
  };
}

async function lookUp(
  findings: readonly Finding[],
  { previous, promoted }: SignedSince,
  inputs: ApprovalInputs,
  runner: Runner,
): Promise<FoundApprovals> {
  const { context, signal, logger } = runner;
  if (inputs.token === '' || context.repository === '') return NOTHING;
  const work = async (): Promise<FoundApprovals> => {
    const api = await openGitHubApi({ apiUrl: context.apiUrl, token: inputs.token, signal, logger });
    const commit = promoted ?? (await checkedOut(inputs, runner));
    return await findApprovals(api, {
      repository: context.repository,
      ...{ commit, until: deployedUntil(previous, commit) },
      signOffs: findings.map(({ fingerprint, approvers = [] }) => ({ fingerprint, approvers })),
    });
  };
  return (await lookUpApprovals(work, logger)) ?? NOTHING;
}

/**
 * The commit up to which changes were deployed. Where what is live names none, only the pull requests of the commit itself count: an
 * approval of the same change from before it was taken back would count again.
 */
function deployedUntil(previous: SignedSince['previous'], commit: string): string | undefined {
  if (previous === undefined) return undefined;
  const { verdict, configRevision } = previous;
  if (configRevision === undefined) return commit;
  return verdict === 'succeeded' ? configRevision : undefined;
}

/** The commit of this checkout: what a rendered tree says of itself may have been changed on its way. */
async function checkedOut(
  { application }: Pick<ApprovalInputs, 'application'>,
  runner: Runner,
): Promise<string> {
  const git = openCheckout(resolve(runner.workspace, application), runner);
  return (git && (await headCommit(git))) ?? runner.context.sha;
}

function refusal(
  { rule, message, fingerprint, place }: Finding,
  { pulls, hidden }: FoundApprovals,
  token: string,
): Problem {
  return {
    code: 'sign-off-missing',
    message: `${rule}: ${message}`,
    remedy: remedyFor(shortFingerprint(fingerprint), pulls, hidden, token),
    ...defined({ at: place }),
  };
}

function remedyFor(
  short: string,
  pulls: FoundApprovals['pulls'],
  hidden: FoundApprovals['hidden'],
  token: string,
): string {
  if (token === '') return 'give the input "token", so that approvals of the pull request can be looked up';
  if (hidden.length > 0)
    return `give a token that may read the organisation's members: this one does not see the team ${hidden.join(', ')}`;
  const where =
    pulls.length === 0
      ? 'the pull request that brings it (no merged one was found for this commit)'
      : `pull request ${pulls[0]}`;
  return `one of them approves the last commit of ${where} with "sign-off ${short}" in the review, then deploy again`;
}
