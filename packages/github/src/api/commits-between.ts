import { isCommitId } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** Two commits of a repository. */
export interface CommitPair {
  readonly from: string;
  readonly to: string;
}

/** What the history of one commit has and that of the other has not, as far as it was looked at. */
export interface FoundBetween {
  readonly count: number;
  /** There are more than were looked at. */
  readonly isMore: boolean;
  /** The newest first. */
  readonly commits: readonly { readonly sha: string; readonly title: string }[];
  readonly pulls: readonly { readonly number: number; readonly title: string }[];
}

/** How many commits of each history GitHub lists at once. */
const MOST_COMMITS = 100;

/** What the query asks of a commit that others are compared with, and of one that is compared. */
const NEWER = `history(first: ${MOST_COMMITS}) { pageInfo { hasNextPage } nodes { oid messageHeadline associatedPullRequests(first: 3) { nodes { number title merged } } } }`;
const OLDER = `history(first: ${MOST_COMMITS}) { pageInfo { hasNextPage } nodes { oid } }`;

interface History {
  readonly pageInfo: { readonly hasNextPage: boolean };
  readonly nodes: readonly (Listed | null)[];
}

interface Listed {
  readonly oid: string;
  readonly messageHeadline?: string;
  readonly associatedPullRequests?: {
    readonly nodes: readonly ({
      readonly number: number;
      readonly title: string;
      readonly merged: boolean;
    } | null)[];
  } | null;
}

interface Answer {
  readonly repository: Readonly<Record<string, { readonly history?: History } | null>> | null;
}

/**
 * The commits and merged pull requests between each pair of commits, all with one GraphQL request: the newest hundred commits of each
 * history, without those that are in the other one too.
 * @returns one for each pair; undefined where GitHub does not have a commit
 * @throws SlipwayError `github-…`
 */
export async function commitsBetween(
  api: GitHubApi,
  repository: string,
  pairs: readonly CommitPair[],
): Promise<readonly (FoundBetween | undefined)[]> {
  const known = pairs.map(pair => (isCommitId(pair.from) && isCommitId(pair.to) ? pair : undefined));
  const asked = known.filter(pair => pair !== undefined);
  if (asked.length === 0) return pairs.map(() => undefined);
  const newer = [...new Set(asked.map(({ to }) => to))];
  const older = [...new Set(asked.map(({ from }) => from))].filter(commit => !newer.includes(commit));
  const commits = [...newer, ...older];
  const { repository: found } = await api.query<Answer>(
    queryFor(commits, newer.length),
    variablesFor(repository, commits),
  );
  const historyOf = (commit: string): History | undefined => found?.[`c${commits.indexOf(commit)}`]?.history;
  return known.map(pair => pair && between(historyOf(pair.from), historyOf(pair.to)));
}

function queryFor(commits: readonly string[], newer: number): string {
  const variables = commits.map((_, index) => `, $c${index}: GitObjectID!`).join('');
  const objects = commits.map(
    (_, index) => `c${index}: object(oid: $c${index}) { ... on Commit { ${index < newer ? NEWER : OLDER} } }`,
  );
  return `query($owner: String!, $name: String!${variables}) { repository(owner: $owner, name: $name) { ${objects.join(' ')} } }`;
}

function variablesFor(repository: string, commits: readonly string[]): Readonly<Record<string, string>> {
  const { owner, repo } = splitRepository(repository);
  return { owner, name: repo, ...Object.fromEntries(commits.map((commit, index) => [`c${index}`, commit])) };
}

function between(older: History | undefined, newer: History | undefined): FoundBetween | undefined {
  if (older === undefined || newer === undefined) return undefined;
  const known = new Set(older.nodes.flatMap(commit => commit?.oid ?? []));
  const listed = newer.nodes.filter(commit => commit !== null);
  const added = listed.filter(({ oid }) => !known.has(oid));
  const pulls = added.flatMap(({ associatedPullRequests }) => associatedPullRequests?.nodes ?? []);
  const merged = new Map(
    pulls.flatMap(pull => (pull?.merged === true ? [[pull.number, pull.title] as const] : [])),
  );
  return {
    count: added.length,
    // Where the lists do not meet, the older commit is further back, or is not in this history at all.
    isMore: newer.pageInfo.hasNextPage && added.length === listed.length,
    commits: added.map(({ oid, messageHeadline = '' }) => ({ sha: oid, title: messageHeadline })),
    pulls: [...merged].map(([number, title]) => ({ number, title })),
  };
}
