import { execFileSync } from 'node:child_process';
import type { GitHubState, Token } from './state.ts';

/** The one question that REST does not answer for the token of an app: who it is. */
const VIEWER = 'query { viewer { login } }';

/** One object of a query for histories, as GitHub's schema (https://docs.github.com/en/graphql/reference) has them. */
const HISTORY =
  /(c\d+): object\(oid: \$\1\) \{ \.\.\. on Commit \{ history\(first: (\d+)(, path: \$p\d+)?\) \{ pageInfo \{ hasNextPage \} nodes \{ oid(?: messageHeadline associatedPullRequests\(first: \d+\) \{ nodes \{ number title merged \} \})? \} \} \} \}/g;
const MOST = 100;

export interface GraphQlQuestion {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** The data that GitHub would answer; undefined for a query of another form. */
export function graphQlData(
  { query = '', variables = {} }: GraphQlQuestion,
  token: Token,
  state: GitHubState,
): object | undefined {
  if (query === VIEWER) return { viewer: { login: token.login } };
  const asked = [...query.matchAll(HISTORY)];
  const frame = query
    .replaceAll(HISTORY, '')
    .replace(/(?:, \$c\d+: GitObjectID!(?:, \$p\d+: String!)?)*/g, '')
    .replaceAll(/\s+/g, ' ');
  if (asked.length === 0 || frame !== FRAME) return undefined;
  const isOther = `${variables['owner']}/${variables['name']}` !== state.repository;
  if (isOther) return { repository: null };
  const histories = asked.map(([, alias = '', first, path]) => {
    const folder = path === undefined ? undefined : variables[path.replace(/.*\$/, '')];
    return [alias, historyOf(variables[alias] ?? '', folder, Math.min(MOST, Number(first)), state)];
  });
  return { repository: Object.fromEntries(histories) };
}

const FRAME = 'query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { } }';

/** The newest commits of a history with the pull requests that brought them; null for a commit that GitHub does not have. */
function historyOf(commit: string, folder: string | undefined, first: number, state: GitHubState) {
  const lines = log(commit, folder, first + 1, state);
  if (lines === undefined) return null;
  const nodes = lines.slice(0, first).map(line => {
    const [oid = '', messageHeadline = ''] = line.split('\0');
    const pulls = state.pulls.filter(
      ({ commits, merged }) => commits.includes(oid) || merged?.commit === oid,
    );
    const associated = pulls.map(({ number, title = '', merged }) => ({
      ...{ number, title, merged: merged !== undefined },
    }));
    return { oid, messageHeadline, associatedPullRequests: { nodes: associated } };
  });
  return { history: { pageInfo: { hasNextPage: lines.length > first }, nodes } };
}

function log(
  commit: string,
  folder: string | undefined,
  most: number,
  { directory }: GitHubState,
): string[] | undefined {
  try {
    const options = [
      'log',
      `--max-count=${most}`,
      '--format=%H%x00%s',
      commit,
      '--',
      ...(folder === undefined ? [] : [folder]),
    ];
    const text = execFileSync('git', ['-C', directory, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
    return text
      .toString()
      .split('\n')
      .filter(line => line !== '');
  } catch {
    return undefined;
  }
}
