import { formatProblem, quote, type ReleaseSteps, SlipwayError } from '@slipway/core';
import type { GitHubApi, RunApproval, RunContext } from '@slipway/github';

/** Whose decision this run is. */
export interface Deciders {
  /** Who approved this job's environment. */
  readonly approved: readonly string[];
  /** Who started a run by hand; undefined for other runs. */
  readonly dispatched: string | undefined;
  /** Why approvals are not known, or do not count. */
  readonly without?: string | undefined;
}

/** What GitHub has to be asked for it. */
export interface DeciderSource {
  readonly context: RunContext;
  /** Who triggered this attempt of the run. */
  readonly triggeredBy: string;
  /** This job's environment; undefined where it is not known. */
  readonly environment: string | undefined;
  readonly api: GitHubApi | undefined;
  readonly approvalsOf: (
    api: GitHubApi,
    repository: string,
    runId: string,
  ) => Promise<readonly RunApproval[]>;
}

/**
 * GitHub's list of approvals has neither time nor attempt, so that in a second attempt only whoever starts a run by hand counts; and an
 * approval of another job's environment is about something else.
 */
export async function findDeciders(source: DeciderSource): Promise<Deciders> {
  const { context, triggeredBy, environment } = source;
  const dispatched =
    context.eventName === 'workflow_dispatch' && triggeredBy !== '' ? triggeredBy : undefined;
  const reviews = await readReviews(source);
  if (reviews.without !== undefined) return { approved: [], dispatched, without: reviews.without };
  const approved = reviews.approved.filter(user => user !== '');
  const without =
    approved.length === 0 ? `no one approved the environment ${quote(environment ?? '')}` : undefined;
  return { approved: [...new Set(approved)], dispatched, without };
}

/** What was said in this run about the environment in which decisions are made. */
export interface Reviews {
  /** Who approved, once for each job; the name of an account that was deleted is empty. */
  readonly approved: readonly string[];
  readonly isRejected: boolean;
  /** Why that is not known, or does not count. */
  readonly without?: string;
}

export async function readReviews(source: Omit<DeciderSource, 'triggeredBy'>): Promise<Reviews> {
  const { context, environment, api } = source;
  const none = (without: string): Reviews => ({ approved: [], isRejected: false, without });
  if (Number(context.runAttempt) > 1)
    return none('in a second attempt of a run no approval counts; start a run by hand');
  if (environment === undefined)
    return none("it is not known which environment this job has, as the destination's is not");
  if (api === undefined) return none('the step has no token to read approvals with');
  try {
    const all = await source.approvalsOf(api, context.repository, context.runId);
    const own = all.filter(({ environments }) => environments.includes(environment));
    return {
      approved: own.filter(({ state }) => state === 'approved').map(({ user }) => user),
      isRejected: own.some(({ state }) => state === 'rejected'),
    };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return none(`the approvals of this run cannot be read: ${error.problems.map(formatProblem).join('; ')}`);
  }
}

/** Whether a user is one of those who are named, or in one of the teams. */
export type Includes = (named: readonly string[], user: string) => Promise<boolean>;

/**
 * Why whoever decides may not pass a pause, by its name; a pause that says nothing about it is passed by anyone who may start the
 * workflow.
 * @param startedBy who started the release
 */
export async function barredPauses(
  { list }: Pick<ReleaseSteps, 'list'>,
  deciders: Deciders,
  startedBy: string | undefined,
  includes: Includes,
): Promise<Readonly<Record<string, string>>> {
  const barred: Record<string, string> = {};
  for (const { pause, by, not } of list) {
    if (pause === undefined || (by === undefined && not === undefined)) continue;
    const others = usersOf(deciders).filter(user => not === undefined || !isSame(user, startedBy));
    if (by === undefined && others.length > 0) continue;
    if (by !== undefined && (await anyOf(others, user => includes(by.map(withoutAt), user)))) continue;
    barred[pause] = reasonOf({ by, not }, deciders);
  }
  return barred;
}

function usersOf({ approved, dispatched }: Deciders): readonly string[] {
  return dispatched === undefined ? approved : [...approved, dispatched];
}

function isSame(user: string, other: string | undefined): boolean {
  return user.toLowerCase() === other?.toLowerCase();
}

/** `@acme/release` and `acme/release` are the same. */
function withoutAt(name: string): string {
  return name.replace(/^@/, '');
}

async function anyOf(users: readonly string[], test: (user: string) => Promise<boolean>): Promise<boolean> {
  for (const user of users) if (await test(user)) return true;
  return false;
}

function reasonOf(
  { by, not }: { readonly by: readonly string[] | undefined; readonly not: 'actor' | undefined },
  { without, ...deciders }: Deciders,
): string {
  const who = by === undefined ? 'someone' : by.join(' or ');
  const but = not === undefined ? '' : ' who did not start the release';
  const users = usersOf(deciders);
  const found =
    users.length === 0 ? (without ?? 'no one decided') : `this is a decision of ${users.join(' and ')}`;
  return `${who}${but} has to decide, and ${found}`;
}
