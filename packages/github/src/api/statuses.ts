import { sha256 } from '@slipway/core';
import type { RunContext } from '../runner.ts';
import type { GitHubApi } from './github-api.ts';
import { lacksPermission } from './permission.ts';
import { splitRepository } from './repository-name.ts';

/** A line among the checks of a pull request, which a rule of the repository can require. */
export interface CommitStatus {
  readonly repository: string;
  readonly commit: string;
  /** The name that a rule requires, such as `slipway/shop`; GitHub ignores its case. */
  readonly context: string;
  /** `pending` while the check runs; `waiting`, which GitHub calls pending too, is what it came to: someone has to do something. */
  readonly state: 'pending' | 'waiting' | 'success' | 'failure' | 'error';
  /** One line of plain text. What GitHub does not accept of it is cut. */
  readonly description: string;
  /** The page that explains it. */
  readonly targetUrl?: string;
}

/** What sets a status, so that another check which gives its own the same name is noticed. */
export interface StatusSetter {
  /** What is checked, by which rules: two checks differ in it. */
  readonly check: string;
  /** The file of the workflow, and the commit that it was read from. Both are empty if the runner does not say them. */
  readonly workflow: RunContext['workflow'];
}

/** `shared` if another check has set the same status: it is a failure then, since one result would hide the other. */
export type StatusOutcome = 'set' | 'unchanged' | 'forbidden' | 'shared';

/** https://docs.github.com/en/rest/commits/statuses; the API's own message says "maximum is 140 characters". */
const MAX_DESCRIPTION = 140;

const SHARED: Pick<CommitStatus, 'state' | 'description'> = {
  state: 'failure',
  description: 'several checks have this name, so that one result would hide the other; see the log',
};

/**
 * Sets the status of a commit. One that says the same already stays, with its link to an earlier run, since GitHub keeps at most a
 * thousand statuses for each commit and name. A success, and what waits, is read back:
 * of two checks at the same time, the one that writes last sees both.
 * @returns `forbidden` if the token lacks `statuses: write`, as in a run for a fork
 */
export async function setStatus(
  api: GitHubApi,
  status: CommitStatus,
  setter: StatusSetter,
): Promise<StatusOutcome> {
  const mark = markOf(setter);
  try {
    const isPending = status.state === 'pending';
    const history = await historyOf(api, status);
    if (!isPending && isShared(history, mark)) return await setShared(api, status, mark, history);
    const outcome = await post(api, status, mark, history);
    if (status.state !== 'success' && status.state !== 'waiting') return outcome;
    const since = await historyOf(api, status);
    return isShared(since, mark) ? await setShared(api, status, mark, since) : outcome;
  } catch (error) {
    if (lacksPermission(error)) return 'forbidden';
    throw error;
  }
}

async function setShared(
  api: GitHubApi,
  status: CommitStatus,
  mark: string,
  history: readonly Known[],
): Promise<StatusOutcome> {
  await post(api, { ...status, ...SHARED }, mark, history);
  return 'shared';
}

async function post(
  api: GitHubApi,
  { repository, commit, context, state: wanted, targetUrl, description: text }: CommitStatus,
  mark: string,
  [newest]: readonly Known[],
): Promise<StatusOutcome> {
  const description = fittingDescription(text);
  const state = wanted === 'waiting' ? 'pending' : wanted;
  const isSame = newest?.state === state && newest.description === description;
  if (isSame && (targetUrl === undefined || newest.mark === mark)) return 'unchanged';
  await api.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
    ...splitRepository(repository),
    ...{ sha: commit, context, state, description },
    ...(targetUrl === undefined ? {} : { target_url: `${targetUrl}#${mark}` }),
  });
  return 'set';
}

/** A status that the commit has or had. */
interface Known {
  readonly state: string;
  readonly description: string | null;
  /** Who set it; empty if a check of another kind did. */
  readonly mark: string;
}

/** All statuses that the commit ever had under the name, the newest first. */
async function historyOf(
  api: GitHubApi,
  { repository, commit, context }: CommitStatus,
): Promise<readonly Known[]> {
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}/statuses';
  const statuses = await api.list(route, { ...splitRepository(repository), ref: commit });
  return statuses
    .filter(known => known.context.toLowerCase() === context.toLowerCase())
    .map(({ state, description, target_url: url }) => ({
      ...{ state, description },
      mark: MARK.exec(url ?? '')?.[1] ?? '',
    }));
}

/** The end of the address that the status links to, where no page of GitHub minds it. */
const MARK = /#(slipway-[0-9a-f]{12}-[0-9a-f]{8}-[0-9a-f]{8})$/;

function markOf({ check, workflow }: StatusSetter): string {
  const short = (text: string, length: number): string => sha256(text).slice(-length);
  return `slipway-${short(check, 12)}-${short(workflow.file, 8)}-${short(workflow.commit, 8)}`;
}

/** A check that was changed has another mark too: the same workflow, of another commit, may replace what it said before. */
function isShared(history: readonly Known[], own: string): boolean {
  const [, check, file, commit] = own.split('-');
  return history.some(({ mark }) => {
    const [, otherCheck = check, otherFile, otherCommit] = mark.split('-');
    return otherCheck !== check && (otherFile !== file || otherCommit === commit);
  });
}

/** One line without characters beyond Unicode's first plane, which GitHub refuses here, cut at a word. */
export function fittingDescription(text: string): string {
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
