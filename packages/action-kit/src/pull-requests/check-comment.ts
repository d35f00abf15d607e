import { excerpt, type Finding, formatPosition, SlipwayError } from '@slipway/core';
import {
  type CommentOutcome,
  extendListing,
  formatListing,
  keepComment,
  MAX_LISTED,
  pullRequestOf,
  type Runner,
  replaceOldComments,
  shortFingerprint,
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
  const signOffs = inOrder(
    findings.filter(({ approvers }) => approvers !== undefined),
    checked,
  );
  // An approval without their fingerprints does not cover them.
  const unlisted = signOffs.slice(MAX_LISTED);
  for (const finding of unlisted) logger.info(`Not listed in the comment: ${signOffLine(finding)}`);
  try {
    const outcome = await keepComment(api, {
      ...{ repository: context.repository, pull: pull.number, key, onlyUpdate },
      body: `${listingOf(signOffs, checked, now)}${body}${unlistedNote(unlisted, signOffs.length)}`,
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

/** What a reviewer writes to approve it, and what it is. */
function signOffLine({ fingerprint, message, place }: Finding): string {
  const where = place === undefined ? '' : ` (${formatPosition(place)})`;
  return `sign-off ${shortFingerprint(fingerprint)}: ${excerpt(message, 300)}${where}`;
}

function unlistedNote(unlisted: readonly Finding[], all: number): string {
  const [first] = unlisted;
  if (first === undefined) return '';
  const example = `<code>sign-off ${shortFingerprint(first.fingerprint)}</code>`;
  return `\n**${unlisted.length} of ${all} sign-offs are not listed in this comment**, which has no room for them, so an approval does not cover them. The log of the run has each with what a review has to say for it, such as ${example}.\n`;
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
  const since = listedBefore(pull);
  const fingerprints = signOffs.map(({ fingerprint }) => fingerprint);
  return `${formatListing(extendListing({ commit: pull.head, since }, pull.head, fingerprints, now))}\n`;
}

/** When each fingerprint was first listed for the head commit. */
function listedBefore({ listings, head }: CheckedPull['pull']): Readonly<Record<string, string>> {
  const before = listings.filter(({ commit }) => commit === head);
  return Object.assign({}, ...before.map(listing => listing.since)) as Record<string, string>;
}

/** Each change once. Those that were listed come first, so that none of them loses its line, and its approval, to another one. */
function inOrder(signOffs: readonly Finding[], { pull }: CheckedPull): readonly Finding[] {
  const distinct = [...new Map(signOffs.map(finding => [finding.fingerprint, finding])).values()];
  const before = listedBefore(pull);
  const isOld = ({ fingerprint }: Finding): boolean => Object.hasOwn(before, fingerprint);
  return [...distinct.filter(isOld), ...distinct.filter(finding => !isOld(finding))];
}
