import { isJsonObject, type JsonObject, type JsonValue, parseJsonIfAny } from '@slipway/core';
import { accessReview, DEPLOYER, STEPS } from '@slipway/kubernetes';
import type { Machine } from '../machine/machine.ts';
import { kubectl, type ProgramAnswer } from '../outside/programs.ts';
import { type Deployer, rulesIn } from '../setup/arrange.ts';
import { missingRules, whereOf } from '../setup/cluster-steps.ts';
import { accountUser } from '../setup/kubeconfig-text.ts';
import { noteIn, type TokenHolder } from '../setup/token-note.ts';
import { type Right, rightsOf, rightText } from '../setup/verify-kubeconfig.ts';
import { type Check, fine, type Looked, missing, unknown } from './check.ts';
import { checkNote } from './token-checks.ts';

export interface DeployerFixes {
  /** The command that creates what is missing. */
  readonly setup: string;
  /** The command that replaces the token. */
  readonly renew: string;
}

/** Whether a cluster has what a deployer needs, seen with the rights of whoever asks. */
export async function deployerChecks(
  deployer: Deployer,
  holder: TokenHolder,
  fixes: DeployerFixes,
  machine: Machine,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const namespace of deployer.namespaces) {
    const found = await checkNamespace(deployer, namespace, fixes, machine);
    checks.push(found);
    if (found.state !== 'missing') checks.push(await checkRights(deployer, namespace, fixes, machine));
  }
  if (checks[0]?.state !== 'missing') checks.push(...(await checkToken(deployer, holder, fixes, machine)));
  return checks;
}

async function checkNamespace(
  { context }: Deployer,
  namespace: string,
  { setup }: DeployerFixes,
  machine: Machine,
): Promise<Check> {
  const looked = { area: 'cluster', what: `Namespace ${namespace} (${whereOf(context.name)})` } as const;
  const answer = await kubectl(machine, context.name, ['get', 'namespace', namespace, '-o', 'name']);
  if (answer.exitCode === 0) return fine(looked);
  return isNotFound(answer) ? missing(looked, 'it does not exist', setup) : unknown(looked, answer.said);
}

/** The rights of the account, asked for in its name; else those of the Role, which a cloud's login has. */
async function checkRights(
  deployer: Deployer,
  namespace: string,
  { setup }: DeployerFixes,
  machine: Machine,
): Promise<Check> {
  const { context, home } = deployer;
  const looked = {
    area: 'cluster',
    what: `rights in ${namespace} (${whereOf(context.name)})`,
  } as const;
  const account = await kubectl(machine, context.name, [
    'get',
    'serviceaccount',
    DEPLOYER,
    `--namespace=${home}`,
  ]);
  if (account.exitCode !== 0) return await checkRole(deployer, namespace, looked, setup, machine);
  const user = accountUser(deployer);
  const asked = await askAs(user, context.name, [rulesReview(namespace)], '{.status}', machine);
  const status = parseJsonIfAny(asked.stdout);
  if (asked.exitCode !== 0 || !isJsonObject(status))
    return unknown(looked, `this user may not ask in the name of ${user}: ${asked.said}`);
  const listed = missingRules(rulesIn(deployer, namespace), status['resourceRules']).flatMap(rightsOf);
  // Where nodes have an authorizer of their own, as usual, a list is never complete.
  const denied = await deniedOf(listed, namespace, user, context.name, machine);
  if (denied === undefined) return unknown(looked, `the cluster does not list all rights of ${user}`);
  if (denied.length === 0) return fine(looked, `as ${user}`);
  return missing(looked, `${user} may not ${shortened(denied)}`, setup);
}

function rulesReview(namespace: string): JsonObject {
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
}

/** Those of some rights that the API server denies; undefined if it does not answer for each. */
async function deniedOf(
  rights: readonly Right[],
  namespace: string,
  user: string,
  context: string,
  machine: Machine,
): Promise<string[] | undefined> {
  if (rights.length === 0) return [];
  const reviews = rights.map(right => accessReview({ ...right, namespace }));
  const answer = await askAs(user, context, reviews, '{.status.allowed}{"\\n"}', machine);
  const allowed = answer.stdout.trim().split('\n');
  if (answer.exitCode !== 0 || allowed.length !== rights.length) return undefined;
  return rights.filter((_right, index) => allowed[index] !== 'true').map(rightText);
}

/** Asks for reviews, which keep nothing. To validate them kubectl would look at CRDs, which the account may not. */
async function askAs(
  user: string,
  context: string,
  items: readonly JsonObject[],
  path: string,
  machine: Machine,
): Promise<ProgramAnswer> {
  const args = ['create', '--validate=false', '-f', '-', '-o', `jsonpath=${path}`, `--as=${user}`];
  return await kubectl(machine, context, args, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

async function checkRole(
  deployer: Deployer,
  namespace: string,
  looked: Looked,
  setup: string,
  machine: Machine,
): Promise<Check> {
  const { context, inSteps } = deployer;
  const look = (kind: string, name = DEPLOYER): Promise<ProgramAnswer> =>
    kubectl(machine, context.name, ['get', kind, name, `--namespace=${namespace}`, '-o', 'json']);
  const binding = await look('rolebinding');
  if (isNotFound(binding))
    return missing(looked, `there is neither a ServiceAccount nor a RoleBinding ${DEPLOYER}`, setup);
  const role = await look('role');
  if (isNotFound(role)) return missing(looked, `there is no Role ${DEPLOYER}`, setup);
  const live = parseJsonIfAny(role.stdout);
  if (binding.exitCode !== 0 || !isJsonObject(live)) return unknown(looked, binding.said || role.said);
  const bound = subjectsText(parseJsonIfAny(binding.stdout));
  const beside = inSteps.includes(namespace) ? await rulesBeside(bound, look) : [];
  const lacking = missingRules(rulesIn(deployer, namespace), [...listOf(live['rules']), ...beside]);
  return lacking.length === 0
    ? fine(looked, `the Role, bound to ${bound}`)
    : missing(looked, `the Role does not grant ${rightsText(lacking)}`, setup);
}

/** What the Role of examples/roles/steps.yaml grants, where it was applied by hand for the same subjects. */
async function rulesBeside(
  bound: string,
  look: (kind: string, name: string) => Promise<ProgramAnswer>,
): Promise<readonly JsonValue[]> {
  if (subjectsText(parseJsonIfAny((await look('rolebinding', STEPS)).stdout)) !== bound) return [];
  const role = parseJsonIfAny((await look('role', STEPS)).stdout);
  return isJsonObject(role) ? listOf(role['rules']) : [];
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

async function checkToken(
  { context, home }: Deployer,
  holder: TokenHolder,
  { renew }: DeployerFixes,
  machine: Machine,
): Promise<Check[]> {
  const args = ['get', 'serviceaccount', DEPLOYER, `--namespace=${home}`, '-o', 'json'];
  const answer = await kubectl(machine, context.name, args);
  if (isNotFound(answer)) return [];
  const looked = {
    area: 'cluster',
    what: `token of ${home}/${DEPLOYER} (${whereOf(context.name)})`,
  } as const;
  const account = parseJsonIfAny(answer.stdout);
  if (answer.exitCode !== 0 || !isJsonObject(account)) return [unknown(looked, answer.said)];
  return [checkNote(looked, noteIn(account, holder), renew, machine)];
}

export function isNotFound({ exitCode, said }: ProgramAnswer): boolean {
  return exitCode !== 0 && /\(NotFound\)/.test(said);
}

const SHOWN = 3;

function rightsText(rules: readonly JsonObject[]): string {
  return shortened(rules.map(({ verbs, resources }) => `${listed(verbs)} ${listed(resources)}`));
}

function shortened(texts: readonly string[]): string {
  const more = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '';
  return `${texts.slice(0, SHOWN).join('; ')}${more}`;
}

function listed(value: JsonValue | undefined): string {
  return Array.isArray(value) ? value.map(String).join(', ') : '';
}

function subjectsText(binding: JsonValue | undefined): string {
  const subjects = isJsonObject(binding) ? binding['subjects'] : undefined;
  const names = (Array.isArray(subjects) ? subjects : [])
    .filter(isJsonObject)
    .map(({ kind, name }) => `${String(kind)} ${String(name)}`);
  return names.length === 0 ? 'no one' : names.join(', ');
}
