import type { GitHubApi } from './github-api.ts';
import { readComments } from './marked-comments.ts';
import { splitRepository } from './repository-name.ts';
import { parseListing, type SignOffListing } from './sign-off-listing.ts';
import type { Teams } from './teams.ts';

/** A change that needs an approval. */
export interface SignOff {
  readonly fingerprint: string;
  /** Users, and teams as `organisation/team`. */
  readonly approvers: readonly string[];
}

export interface Approval {
  readonly by: string;
  readonly pull: number;
  readonly url: string;
}

/** A pull request with its reviews. */
export interface ReviewedPull {
  readonly number: number;
  readonly author: string;
  /** The last commit of its branch. */
  readonly head: string;
  readonly reviews: readonly Review[];
  readonly listings: readonly SignOffListing[];
}

/** In the order in which they were given. */
export interface Review {
  readonly user: string;
  readonly state: string;
  readonly commit: string;
  readonly body: string;
  /** ISO 8601. */
  readonly at: string;
  readonly url: string;
}

/** The part of a fingerprint that is enough in a review. */
export const SHORT_FINGERPRINT = 12;

export function shortFingerprint(fingerprint: string): string {
  return fingerprint.replace(/^sha256:/, '').slice(0, SHORT_FINGERPRINT);
}

export async function readReviewedPull(
  api: GitHubApi,
  repository: string,
  pull: Pick<ReviewedPull, 'number' | 'author' | 'head'>,
): Promise<ReviewedPull> {
  const name = splitRepository(repository);
  const [reviews, comments] = await Promise.all([
    api.list('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...name, pull_number: pull.number }),
    readComments(api, repository, pull.number),
  ]);
  return {
    ...pull,
    reviews: reviews.map(({ user, state, commit_id, body, submitted_at, html_url }) => ({
      user: user?.login ?? '',
      state,
      commit: commit_id ?? '',
      body,
      at: submitted_at ?? '',
      url: html_url,
    })),
    listings: comments.flatMap(comment => parseListing(comment) ?? []),
  };
}

/**
 * The approval of a change by one of its approvers. It counts if it is the reviewer's latest review, is for the last commit of the pull
 * request, is not by the author of the pull request, and refers to the change: the check had listed its fingerprint for that commit
 * before, or the review contains it.
 */
export async function approvalOf(
  { fingerprint, approvers }: SignOff,
  pull: ReviewedPull,
  teams: Teams,
): Promise<Approval | undefined> {
  for (const review of lastWords(pull)) {
    if (review.state !== 'APPROVED' || review.commit !== pull.head || !knows(review, fingerprint, pull))
      continue;
    if (await teams.includes(approvers, review.user))
      return { by: review.user, pull: pull.number, url: review.url };
  }
  return undefined;
}

/** A comment neither approves nor withdraws an approval; a deleted account does not count. */
function lastWords({ reviews, author }: ReviewedPull): readonly Review[] {
  const last = new Map<string, Review>();
  for (const review of reviews)
    if (['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state))
      last.set(review.user.toLowerCase(), review);
  return [...last]
    .filter(([user]) => user !== '' && user !== author.toLowerCase())
    .map(([, review]) => review);
}

function knows({ body, at }: Review, fingerprint: string, { listings, head }: ReviewedPull): boolean {
  if (body.includes(shortFingerprint(fingerprint))) return true;
  return listings.some(({ commit, since }) => {
    const listed = commit === head && Object.hasOwn(since, fingerprint) ? since[fingerprint] : undefined;
    return listed !== undefined && Date.parse(at) >= Date.parse(listed);
  });
}
