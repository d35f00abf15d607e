import { isCommitId } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** Two commits of a repository. */
export interface CommitPair {
  readonly from: string;
  readonly to: string;
  /** The path of a folder in the repository, if only commits count that change something in it. */
  readonly folder?: string | undefined;
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
const NEWER = `{ pageInfo { hasNextPage } nodes { oid messageHeadline associatedPullRequests(first: 3) { nodes { number title merged } } } }`;
const OLDER = `{ pageInfo { hasNextPage } nodes { oid } }`;

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
 * @returns one for each pair; undefined where GitHub does not have a commit, or not its folder
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
  const questions = questionsFor(asked);
  const { repository: found } = await api.query<Answer>(
    queryFor(questions),
    variablesFor(repository, questions),
  );
  const historyOf = (commit: string, folder: string | undefined): History | undefined =>
    found?.[`c${questions.findIndex(one => one.commit === commit && one.folder === folder)}`]?.history;
  return known.map(
    pair => pair && between(historyOf(pair.from, pair.folder), historyOf(pair.to, pair.folder), pair),
  );
}

/** One history that is asked for; of one that others are compared with, the pull requests too. */
interface Question {
  readonly commit: string;
  readonly folder: string | undefined;
  readonly fields: string;
}

/** Each history once. */
function questionsFor(pairs: readonly CommitPair[]): readonly Question[] {
  const found = new Map<string, Question>();
  const add = (commit: string, folder: string | undefined, fields: string): void => {
    const key = `${commit} ${folder ?? ''}`;
    if (!found.has(key)) found.set(key, { commit, folder, fields });
  };
  for (const { to, folder } of pairs) add(to, folder, NEWER);
  for (const { from, folder } of pairs) add(from, folder, OLDER);
  return [...found.values()];
}

function queryFor(questions: readonly Question[]): string {
  const variables = questions.map(
    ({ folder }, index) => `, $c${index}: GitObjectID!${folder === undefined ? '' : `, $p${index}: String!`}`,
  );
  const objects = questions.map(({ folder, fields }, index) => {
    const path = folder === undefined ? '' : `, path: $p${index}`;
    const history = `history(first: ${MOST_COMMITS}${path}) ${fields}`;
    return `c${index}: object(oid: $c${index}) { ... on Commit { ${history} } }`;
  });
  return `query($owner: String!, $name: String!${variables.join('')}) { repository(owner: $owner, name: $name) { ${objects.join(' ')} } }`;
}

function variablesFor(repository: string, questions: readonly Question[]): Readonly<Record<string, string>> {
  const { owner, repo } = splitRepository(repository);
  const own = questions.flatMap(({ commit, folder }, index) => [
    [`c${index}`, commit] as const,
    ...(folder === undefined ? [] : [[`p${index}`, folder] as const]),
  ]);
  return { owner, name: repo, ...Object.fromEntries(own) };
}

function between(
  older: History | undefined,
  newer: History | undefined,
  { folder }: CommitPair,
): FoundBetween | undefined {
  if (older === undefined || newer === undefined) return undefined;
  // A folder that no commit has ever changed is not there, so that nothing is known of it.
  if (folder !== undefined && newer.nodes.length === 0) return undefined;
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
