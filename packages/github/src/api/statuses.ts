import type { GitHubApi } from './github-api.ts';
import { lacksPermission } from './permission.ts';
import { splitRepository } from './repository-name.ts';

/** A line among the checks of a pull request, which a rule of the repository can require. */
export interface CommitStatus {
  readonly repository: string;
  readonly commit: string;
  /** The name that a rule requires, such as `slipway/shop`; GitHub ignores its case. */
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** One line of plain text. What GitHub does not accept of it is cut. */
  readonly description: string;
  /** The page that explains it. */
  readonly targetUrl?: string;
}

export type StatusOutcome = 'set' | 'unchanged' | 'forbidden';

/** https://docs.github.com/en/rest/commits/statuses; the API's own message says "maximum is 140 characters". */
const MAX_DESCRIPTION = 140;
const PAGE_SIZE = 100;
/** A thousand names of checks are more than any commit has. */
const MAX_PAGES = 10;

/**
 * Sets the status of a commit. One that says the same already stays, with its link to an earlier run, since GitHub keeps at most a
 * thousand statuses for each commit and name.
 * @returns `forbidden` if the token lacks `statuses: write`, as in a run for a fork
 */
export async function setStatus(api: GitHubApi, status: CommitStatus): Promise<StatusOutcome> {
  const { repository, commit, context, state, targetUrl } = status;
  const description = fittingDescription(status.description);
  try {
    const newest = await newestStatus(api, status);
    if (newest?.state === state && newest.description === description) return 'unchanged';
    await api.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      ...splitRepository(repository),
      ...{ sha: commit, context, state, description },
      ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
    });
    return 'set';
  } catch (error) {
    if (lacksPermission(error)) return 'forbidden';
    throw error;
  }
}

interface Newest {
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
}

/** GitHub combines the statuses of a commit to the newest one of each name. */
async function newestStatus(
  api: GitHubApi,
  { repository, commit, context }: CommitStatus,
): Promise<Newest | undefined> {
  const parameters = { ...splitRepository(repository), ref: commit, per_page: PAGE_SIZE };
  for (let page = 1; page <= MAX_PAGES; page++) {
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
    const { statuses, total_count } = await api.request(route, { ...parameters, page });
    const found = statuses.find(known => known.context.toLowerCase() === context.toLowerCase());
    if (found !== undefined || page * PAGE_SIZE >= total_count) return found;
  }
  return undefined;
}

/** One line without characters beyond Unicode's first plane, which GitHub refuses here, cut at a word. */
function fittingDescription(text: string): string {
  const line = text
    .replace(/[\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  if (line.length <= MAX_DESCRIPTION) return line;
  const start = line.slice(0, MAX_DESCRIPTION - 1);
  const end = line[start.length] === ' ' ? start.length : start.lastIndexOf(' ');
  const words = start.slice(0, end < MAX_DESCRIPTION / 2 ? start.length : end);
  return `${words.replace(/[\s,;:–-]+$/u, '')}…`;
}
