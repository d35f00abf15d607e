import { sha256 } from '@slipway/core';
import { cutMarkdown } from '@slipway/report';
import type { GitHubApi } from './github-api.ts';
import { lacksPermission } from './permission.ts';
import { splitRepository } from './repository-name.ts';

const MAX_BODY = 65_536;
const CUT_NOTE = '\n\n_The text was cut here; the summary of the run has the rest._\n';
/** https://docs.github.com/en/rest/issues/assignees */
const MAX_ASSIGNEES = 10;
/** The author of issues that are written with the token of a job. */
const WORKFLOWS = 'github-actions[bot]';

/** An issue that a workflow keeps open while there is a reason for it. */
export interface KeptIssue {
  readonly repository: string;
  /** Distinguishes it from other issues, such as the application's path. */
  readonly key: string;
  readonly title: string;
  /** Markdown, in which foreign text is neutralised. */
  readonly body: string;
  /** Whether there is a reason to have it open. */
  readonly isNeeded: boolean;
  /** Who is assigned once it is opened; GitHub does not assign teams. */
  readonly assignees?: readonly string[];
}

export type IssueOutcome =
  | {
      readonly what: 'opened';
      readonly number: number;
      /** Those whom GitHub does not let be assigned, such as users without access to the repository. */
      readonly unassigned: readonly string[];
    }
  | { readonly what: 'updated' | 'closed'; readonly number: number }
  | { readonly what: 'none' | 'forbidden' };

/**
 * Opens the issue, updates it, or closes it. It touches what a job of this repository or the owner of the token wrote, and nothing of
 * anyone else, whatever it begins with. Of several, as of two runs at the same time, the oldest stays open.
 * @returns `forbidden` if the token may not write issues
 */
export async function keepIssue(api: GitHubApi, issue: KeptIssue): Promise<IssueOutcome> {
  const body = cutMarkdown(`${markerOf(issue.key)}\n${issue.body}`, MAX_BODY, CUT_NOTE);
  try {
    return await writeIssue(api, { ...issue, body });
  } catch (error) {
    if (lacksPermission(error)) return { what: 'forbidden' };
    throw error;
  }
}

async function writeIssue(api: GitHubApi, issue: KeptIssue): Promise<IssueOutcome> {
  const { isNeeded, title, body } = issue;
  const [first, ...others] = await ownIssues(api, issue);
  for (const number of others)
    await change(api, issue, number, { state: 'closed', state_reason: 'not_planned' });
  if (first !== undefined) {
    const closing = isNeeded ? {} : ({ state: 'closed', state_reason: 'completed' } as const);
    await change(api, issue, first, { title, body, ...closing });
    return { what: isNeeded ? 'updated' : 'closed', number: first };
  }
  return isNeeded ? await open(api, issue) : { what: 'none' };
}

/** If another run has just opened one as well, the older one is kept. */
async function open(api: GitHubApi, issue: KeptIssue): Promise<IssueOutcome> {
  const { repository, title, body } = issue;
  const route = 'POST /repos/{owner}/{repo}/issues';
  const { number } = await api.request(route, { ...splitRepository(repository), title, body });
  const [first = number] = await ownIssues(api, issue);
  if (first === number) return { what: 'opened', number, unassigned: await assign(api, issue, number) };
  await change(api, issue, number, { state: 'closed', state_reason: 'not_planned' });
  return { what: 'updated', number: first };
}

/** GitHub leaves out who may not be assigned, and says so by the answer only. @returns those who are not assigned */
async function assign(
  api: GitHubApi,
  { repository, assignees = [] }: KeptIssue,
  number: number,
): Promise<readonly string[]> {
  if (assignees.length === 0) return [];
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees';
  const wanted = assignees.slice(0, MAX_ASSIGNEES);
  const answer = await api.request(route, {
    ...splitRepository(repository),
    ...{ issue_number: number, assignees: [...wanted] },
  });
  const assigned = new Set((answer.assignees ?? []).map(({ login }) => login.toLowerCase()));
  return assignees.filter(login => !assigned.has(login.toLowerCase()));
}

interface Change {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'closed';
  readonly state_reason?: 'completed' | 'not_planned';
}

async function change(
  api: GitHubApi,
  { repository }: KeptIssue,
  number: number,
  changes: Change,
): Promise<void> {
  const route = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
  await api.request(route, { ...splitRepository(repository), issue_number: number, ...changes });
}

/** The open ones that are ours, the oldest first. GitHub is asked who we are only where no job wrote one, as with the token of an app. */
async function ownIssues(api: GitHubApi, issue: KeptIssue): Promise<readonly number[]> {
  const ofJobs = await openIssuesBy(api, issue, WORKFLOWS);
  if (ofJobs.length > 0) return ofJobs;
  const login = await api.login();
  return login === WORKFLOWS ? [] : await openIssuesBy(api, issue, login);
}

async function openIssuesBy(
  api: GitHubApi,
  { repository, key }: KeptIssue,
  creator: string,
): Promise<readonly number[]> {
  const marker = markerOf(key);
  const route = 'GET /repos/{owner}/{repo}/issues';
  const found = await api.list(route, { ...splitRepository(repository), creator, state: 'open' });
  return found
    .filter(({ body, user, pull_request }) => {
      const text = body ?? '';
      const isMarked = text.startsWith(`${marker}\n`) || text.startsWith(`${marker}\r\n`);
      return isMarked && pull_request === undefined && user?.login === creator;
    })
    .map(({ number }) => number)
    .sort((a, b) => a - b);
}

function markerOf(key: string): string {
  return `<!-- slipway:status ${sha256(key).slice(-16)} -->`;
}
