import { dirname } from 'node:path';
import { type BaseApplications, type RemovedApplication, readBaseApplications } from '@slipway/check';
import { defined, type Problem, quote, SlipwayError } from '@slipway/core';
import { baseCommitOf, type Runner } from '@slipway/github';
import { filesBelow, readApplicationName } from '@slipway/render';
import type { PullRequestErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { type ReviewParts, surroundingsOf } from './review-application.ts';
import { checkOf } from './statuses.ts';

/** An application before it is reviewed. */
export interface Named {
  readonly path: string;
  readonly name: string;
  /** Its name in the base commit, if that is another one. */
  readonly formerly?: string;
  /** What tells its status apart from that of another check. */
  readonly check: string;
  /** Why it is not reviewed at all. */
  readonly problems: readonly Problem[];
}

/** What is reviewed, and what the pull request takes out of the review. */
export interface AllNamed {
  readonly applications: readonly Named[];
  /** Applications of the base commit whose file is removed or moved. */
  readonly removed: readonly RemovedApplication[];
}

/** The base commit, or why it is not known which names applications have there. */
interface Base extends BaseApplications {
  readonly problems: readonly Problem[];
}

const NO_BASE: Base = { names: new Map(), removed: [], problems: [] };

/** The applications with the names of their statuses, which are compared as GitHub does: without their case. */
export async function namesOf(
  inputs: Inputs,
  runner: Runner,
  parts: Omit<ReviewParts, 'readerFor'>,
): Promise<AllNamed> {
  const base = hasOwnNames(inputs) ? await baseOf(inputs, runner, parts) : NO_BASE;
  const named = await Promise.all(
    inputs.applications.map(async path => await withNames(path, base.names.get(path), inputs, runner)),
  );
  const applications = named.map(one => {
    const refused = [...sameNames(alike(named, one.name), one.name), ...takenName(one, named)];
    // Applications with one name are refused together, as one check.
    const check = refused.length > 0 ? one.name.toLowerCase() : checkOf(one.path, inputs);
    return { ...one, check, problems: [...base.problems, ...refused] };
  });
  return { applications, removed: base.removed };
}

/** Whether statuses are named by what slipway.yaml says. */
function hasOwnNames({ manifests, name }: Inputs): boolean {
  return manifests.length === 0 && name === '';
}

/** Without the base no one can tell whose status it is that an application sets, so that none is reviewed. */
async function baseOf(
  { applications }: Inputs,
  runner: Runner,
  parts: Omit<ReviewParts, 'readerFor'>,
): Promise<Base> {
  const commit = baseCommitOf(runner.context);
  if (commit === undefined) return NO_BASE;
  try {
    const found = await readBaseApplications(applications, commit, surroundingsOf(runner, parts));
    return { ...found, problems: [] };
  } catch (error) {
    if (!(error instanceof SlipwayError) || runner.signal.aborted) throw error;
    return { ...NO_BASE, problems: error.problems };
  }
}

async function withNames(
  path: string,
  before: string | undefined,
  inputs: Inputs,
  runner: Runner,
): Promise<Omit<Named, 'check' | 'problems'>> {
  const name = await nameOf(path, before, inputs, runner);
  return { path, name, ...defined({ formerly: before === name ? undefined : before }) };
}

/** The name under which an application is reported, whatever is wrong with it. */
async function nameOf(
  path: string,
  before: string | undefined,
  { manifests, name }: Inputs,
  { workspace }: Runner,
): Promise<string> {
  if (name !== '') return name;
  if (manifests.length > 0) return 'manifests';
  const folder = dirname(path).split('/').at(-1) ?? '';
  return (
    (await readApplicationName(filesBelow(workspace), path)) ??
    before ??
    (folder === '.' ? 'application' : folder)
  );
}

function alike(named: readonly Pick<Named, 'path' | 'name'>[], name: string): readonly string[] {
  return named.filter(one => isSameName(one.name, name)).map(({ path }) => path);
}

function isSameName(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** The status of the last of several applications with one name would hide what is wrong with the others. */
function sameNames(paths: readonly string[], name: string): readonly Problem[] {
  if (paths.length < 2) return [];
  const status = `slipway/${name}`;
  const problem: Problem<PullRequestErrorCode> = {
    code: 'applications-alike',
    message: `the applications ${paths.join(', ')} have one status, ${quote(status)}, so that one result would hide the other`,
    remedy: 'give each application its own metadata.name',
  };
  return [problem];
}

/** A rule may require the status for the application that had the name until now. */
function takenName(
  { path, name }: Omit<Named, 'check' | 'problems'>,
  all: readonly Omit<Named, 'check' | 'problems'>[],
): readonly Problem[] {
  const former = all.find(one => one.path !== path && isSameName(one.formerly, name));
  if (former === undefined) return [];
  const problem: Problem<PullRequestErrorCode> = {
    code: 'application-name-taken',
    message: `${quote(path)} has the name ${quote(name)}, which ${quote(former.path)} has in the base commit, so that its result would hide that of the other`,
    remedy: 'rename one application, and use its name for another one in a later pull request',
  };
  return [problem];
}
