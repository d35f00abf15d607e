import { isJsonObject, parseJsonIfAny } from '@slipway/core';
import type { Application } from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, type GitHubAnswer, secretPath } from '../outside/github-api.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { kubectl } from '../outside/programs.ts';
import { shellCommand } from '../outside/shell.ts';
import { placeFlags } from '../rendering/target-flags.ts';
import type { Reached } from '../setup/arrange.ts';
import { whereOf } from '../setup/cluster-steps.ts';
import { timeOf } from '../setup/kubeconfig-step.ts';
import { PLAN, type Purpose, STATUS } from '../setup/purpose.ts';
import type { SetupTarget } from '../setup/targets.ts';
import { changedSince, noteIn, type TokenHolder, type TokenNote } from '../setup/token-note.ts';
import { advice, type Check, type Looked, unknown } from './check.ts';
import { isNotFound } from './deployer-checks.ts';
import { setupFor } from './setup-for.ts';
import { checkNote } from './token-checks.ts';
import type { WrittenWorkflow } from './written-workflows.ts';

/** What kubeconfigs that only read are looked at for. */
export interface ReaderPlace {
  readonly given: Arguments;
  readonly application: Application;
  /** All destinations that are looked at. */
  readonly targets: readonly SetupTarget[];
  readonly github: GitHubRepository;
  readonly workflows: readonly WrittenWorkflow[];
}

/** The tokens of the kubeconfigs for status and for plans, where there are any: the secrets alone are there long after these have expired. */
export async function readerChecks(
  reached: readonly Reached[],
  place: ReaderPlace,
  machine: Machine,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const purpose of [STATUS, PLAN])
    for (const own of Map.groupBy(reached, purpose.environmentOf).values())
      checks.push(...(await scopeChecks(purpose, own, place, machine)));
  return checks;
}

/** What one secret may be of: the accounts in one cluster, with what is noted of its token. */
interface Accounts {
  readonly context: string;
  readonly namespaces: readonly string[];
  /** The namespace of the account whose note is the newest. */
  readonly home?: string;
  readonly note?: TokenNote;
  /** Why an account cannot be read. */
  readonly refusal?: string;
}

async function scopeChecks(
  purpose: Purpose,
  targets: readonly Reached[],
  place: ReaderPlace,
  machine: Machine,
): Promise<Check[]> {
  const [first] = targets;
  if (first === undefined) return [];
  const holder = { repository: place.github, environment: purpose.environmentOf(first) };
  const clusters = Map.groupBy(targets, ({ jobContext, context }) =>
    JSON.stringify([jobContext ?? '', context.name]),
  );
  const found: Accounts[] = [];
  for (const own of clusters.values()) found.push(await findAccounts(purpose, own, holder, machine));
  const isUsed = place.workflows.some(({ jobs }) => jobs.some(job => usesSecret(job, purpose.secret)));
  if (!isUsed && found.every(({ home }) => home === undefined)) return [];
  const secret = await askGitHub(machine, place.github, secretPath(purpose.secret, holder.environment));
  // That it is missing, or cannot be looked at, is said where workflows use it.
  if (secret.status === 404) return [];
  const fixes = { renew: renewFor(purpose, first, place), whole: wholeFor(place) };
  return found
    .filter(({ home }) => home !== undefined || secret.status === 200)
    .map(accounts => judge(purpose, accounts, { secret, isUsed, ...fixes }, machine));
}

function usesSecret(
  {
    secrets,
    passes,
  }: { readonly secrets: readonly string[]; readonly passes: 'inherit' | readonly string[] },
  name: string,
): boolean {
  return secrets.includes(name) || (passes !== 'inherit' && passes.includes(name));
}

/** The account is in the namespace of the first destination, and which one that was when it was made is not known. */
async function findAccounts(
  { account }: Purpose,
  targets: readonly Reached[],
  holder: TokenHolder,
  machine: Machine,
): Promise<Accounts> {
  const context = targets[0]?.context.name ?? '';
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))];
  let found: Accounts = { context, namespaces };
  for (const home of namespaces) {
    const args = ['get', 'serviceaccount', account, `--namespace=${home}`, '-o', 'json'];
    const answer = await kubectl(machine, context, args);
    if (isNotFound(answer)) continue;
    const value = parseJsonIfAny(answer.stdout);
    if (answer.exitCode !== 0 || !isJsonObject(value)) {
      found = { ...found, refusal: answer.said };
      continue;
    }
    const note = noteIn(value, holder);
    if (isNewer(note, found)) found = { ...found, home, ...(note === undefined ? {} : { note }) };
  }
  return found;
}

function isNewer(note: TokenNote | undefined, { home, note: other }: Accounts): boolean {
  if (note === undefined) return home === undefined;
  return other === undefined || note.made > other.made;
}

interface Known {
  readonly secret: GitHubAnswer;
  readonly isUsed: boolean;
  /** The command that replaces the token. */
  readonly renew: string;
  /** The command that looks at all formations; undefined if this one does. */
  readonly whole: string | undefined;
}

const WITHOUT = 'releases do without it';

function judge(
  { name, account, secret: secretName }: Purpose,
  { context, namespaces, home, note, refusal }: Accounts,
  { secret, isUsed, renew, whole }: Known,
  machine: Machine,
): Check {
  const whose = home === undefined ? secretName : `${home}/${account}`;
  const looked: Looked = { area: 'cluster', what: `token of ${whose} (${whereOf(context)})` };
  if (home === undefined) {
    const where = namespaces.join(' or ');
    if (refusal !== undefined) return unknown(looked, refusal);
    return name === 'status' && whole !== undefined
      ? unknown(looked, `there is no account ${account} in ${where}, and other formations may have it`, whole)
      : unknown(looked, `there is no account ${account} in ${where} that says when it expires`, renew);
  }
  const changed = note && changedSince(secret.body, note);
  if (changed !== undefined)
    return unknown(
      looked,
      `the secret ${secretName} was changed on ${timeOf(changed)}, after this token was made, so what it contains is not known`,
      renew,
    );
  const check = checkNote(looked, note, renew, machine);
  const isNeeded = name === 'plan' && isUsed;
  return check.state === 'missing' && !isNeeded
    ? advice(looked, `${check.detail}; ${WITHOUT}`, renew)
    : check;
}

function renewFor(purpose: Purpose, { formation }: SetupTarget, place: ReaderPlace): string {
  const { given, targets, application } = place;
  const formations = purpose.name === 'status' ? application.formations.map(({ name }) => name) : [formation];
  return `${setupFor(given, targets, formations)} --for ${purpose.name} --renew --yes`;
}

function wholeFor({ given, targets, application }: ReaderPlace): string | undefined {
  const isWhole = application.formations.every(({ name }) =>
    targets.some(({ formation }) => formation === name),
  );
  return isWhole ? undefined : shellCommand('slipway', ['doctor', ...placeFlags(given)]);
}
