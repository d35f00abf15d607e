import { type Finding, SlipwayError } from '@slipway/core';
import {
  type CommentOutcome,
  extendListing,
  formatListing,
  keepComment,
  pullRequestOf,
  type Runner,
  replaceOldComments,
  whyForbidden,
} from '@slipway/github';
import type { CheckedPull, ReadPull } from './checked-pull.ts';

const OUTCOMES: Readonly<Record<Exclude<CommentOutcome, 'forbidden'>, string>> = {
  created: 'The comment on the pull request was written',
  updated: 'The comment on the pull request was updated',
  unchanged: 'The comment on the pull request is up to date',
  'left-out': 'No comment is needed on the pull request',
};

/** What a comment on a pull request says. */
export interface CheckComment {
  /** Distinguishes it from other comments, such as the path of slipway.yaml. */
  readonly key: string;
  readonly findings: readonly Finding[];
  /** Markdown, in which foreign text is neutralised. */
  readonly body: string;
  /** Writes no new comment, since there is nothing to report. */
  readonly onlyUpdate: boolean;
}

/** Writes or updates the one comment of a check on its pull request. It lists the changes to sign off, which deploy reads again. */
export async function keepCheckComment(
  readPull: ReadPull,
  { key, findings, body, onlyUpdate }: CheckComment,
  { context, logger }: Runner,
  now: Date,
): Promise<void> {
  const isOfPull = pullRequestOf(context) !== undefined;
  const checked = isOfPull ? await readPull() : undefined;
  if (checked === undefined) {
    const why = isOfPull ? 'GitHub cannot be asked' : 'this run is not for a pull request';
    logger.info(`No comment is written: ${why}`);
    return;
  }
  const { api, pull } = checked;
  const signOffs = findings.filter(({ approvers }) => approvers !== undefined);
  try {
    const outcome = await keepComment(api, {
      ...{ repository: context.repository, pull: pull.number, key, onlyUpdate },
      body: `${listingOf(signOffs, checked, now)}${body}`,
    });
    if (outcome === 'forbidden') {
      const why = whyForbidden(context, 'pull-requests: write');
      logger.info(`No comment is written: ${why}; the summary of the run has everything`);
    } else logger.info(OUTCOMES[outcome]);
  } catch (error) {
    // A failed comment does not change the verdict.
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(`The comment could not be written: ${error.message}`);
  }
}

/** Shortens comments that an earlier run wrote about what has no comment of its own any more. @param bodies Markdown by key */
export async function replaceOldCheckComments(
  readPull: ReadPull,
  bodies: ReadonlyMap<string, string>,
  { context, logger }: Runner,
): Promise<void> {
  if (bodies.size === 0 || pullRequestOf(context) === undefined) return;
  const checked = await readPull();
  if (checked === undefined) return;
  try {
    const { repository } = context;
    await replaceOldComments(checked.api, { repository, pull: checked.pull.number, bodies });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(`Comments of earlier runs could not be shortened: ${error.message}`);
  }
}

/** Approved changes stay listed, since deploy asks for the same approval. */
function listingOf(signOffs: readonly Finding[], { pull }: CheckedPull, now: Date): string {
  if (signOffs.length === 0) return '';
  const before = pull.listings.filter(({ commit }) => commit === pull.head);
  const since = Object.assign({}, ...before.map(listing => listing.since)) as Record<string, string>;
  const fingerprints = [...new Set(signOffs.map(({ fingerprint }) => fingerprint))];
  return `${formatListing(extendListing({ commit: pull.head, since }, pull.head, fingerprints, now))}\n`;
}
