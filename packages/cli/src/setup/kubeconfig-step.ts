import { isJsonObject, type JsonObject, parseJsonIfAny, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, bodyIfAny, secretPath } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { gh, kubectl, outputOf } from '../outside/programs.ts';
import { type Deployer, type SecretScope, scopeName } from './arrange.ts';
import type { SetupChoices } from './choices.ts';
import { clusterFields, kubeconfigScript, secretArguments, tokenArguments } from './kubeconfig-script.ts';
import { type KubeconfigPart, kubeconfigOf } from './kubeconfig-text.ts';
import type { Step, StepResult } from './step.ts';
import {
  changedSince,
  expiresSoon,
  noteIn,
  noteKey,
  noteText,
  type TokenHolder,
  type TokenNote,
} from './token-note.ts';
import { verifyKubeconfig } from './verify-kubeconfig.ts';

interface Granted extends KubeconfigPart {
  readonly expires: Date;
}

/** The secret of an environment or of the repository: a kubeconfig with a token for each cluster, tried out before it is stored. */
export function kubeconfigStep(
  scope: SecretScope,
  repository: GitHubRepository,
  choices: Pick<SetupChoices, 'duration' | 'mode'>,
  machine: Machine,
): Step {
  const holder = { repository, environment: scope.environment };
  return {
    what: `secret ${scope.purpose.secret} of ${scopeName(scope.environment)}`,
    where: nameOf(repository),
    script: kubeconfigScript(scope, holder, choices.duration),
    async carryOut() {
      const kept = choices.mode === 'renew' ? undefined : await keptSecret(scope, holder, machine);
      return kept ?? (await storeNew(scope, holder, choices.duration, machine));
    },
  };
}

/** Says that the secret is good, if it is there and its tokens last. */
async function keptSecret(
  { deployers, environment, purpose }: SecretScope,
  holder: TokenHolder,
  machine: Machine,
): Promise<StepResult | undefined> {
  const answer = await askGitHub(machine, holder.repository, secretPath(purpose.secret, environment));
  const secret = bodyIfAny(answer, `looking at the secret ${purpose.secret} of ${scopeName(environment)}`);
  if (secret === undefined) return undefined;
  const notes: TokenNote[] = [];
  for (const deployer of deployers) {
    const note = noteIn(await accountIn(deployer, machine), holder);
    if (note === undefined || expiresSoon(note, machine.clock())) return undefined;
    notes.push(note);
  }
  const first = notes.toSorted((one, other) => one.expires.getTime() - other.expires.getTime())[0];
  if (first === undefined) return undefined;
  const changed = changedSince(secret, first);
  return changed === undefined
    ? { state: 'unchanged', detail: `its token expires on ${timeOf(first.expires)}` }
    : { state: 'unchanged', warning: changeText(purpose.secret, changed) };
}

function changeText(secret: string, changed: Date): string {
  return `the secret ${secret} was changed on ${timeOf(changed)}, after its token was made, so what it contains is not known; --renew writes a new one`;
}

async function accountIn({ context, home, purpose }: Deployer, machine: Machine): Promise<JsonObject> {
  const args = ['get', 'serviceaccount', purpose.account, `--namespace=${home}`, '-o', 'json'];
  const text = outputOf(await kubectl(machine, context.name, args), 'looking at the account');
  const value = parseJsonIfAny(text);
  return isJsonObject(value) ? value : {};
}

async function storeNew(
  { deployers, environment, purpose }: SecretScope,
  holder: TokenHolder,
  duration: string,
  machine: Machine,
): Promise<StepResult> {
  const made = machine.clock();
  const parts: Granted[] = [];
  for (const deployer of deployers) parts.push(await grantToken(deployer, duration, machine));
  const text = JSON.stringify(kubeconfigOf(parts));
  for (const { deployer } of parts) await verifyKubeconfig(text, deployer, machine);
  const stored = await gh(machine, secretArguments(purpose.secret, holder), text);
  outputOf(stored, `storing the secret ${purpose.secret} of ${scopeName(environment)}`);
  for (const { deployer, expires } of parts) await noteToken(deployer, { made, expires }, holder, machine);
  const [first] = parts
    .map(({ expires }) => expires)
    .toSorted((one, other) => one.getTime() - other.getTime());
  const hours = ((first?.getTime() ?? 0) - made.getTime()) / 3_600_000;
  return {
    state: 'done',
    detail: `asked for ${duration}, the cluster granted ${formatHours(hours)}: it expires on ${timeOf(first ?? made)}`,
  };
}

/** @throws SlipwayError `token-not-granted` */
async function grantToken(deployer: Deployer, duration: string, machine: Machine): Promise<Granted> {
  const { context } = deployer;
  const answer = await kubectl(machine, context.name, [...tokenArguments(deployer, duration), '-o', 'json']);
  const value = parseJsonIfAny(
    outputOf(answer, `asking for a token of ${deployer.home}/${deployer.purpose.account}`),
  );
  const status = isJsonObject(value) && isJsonObject(value['status']) ? value['status'] : {};
  const expires = new Date(String(status['expirationTimestamp'] ?? ''));
  const token = status['token'];
  if (typeof token !== 'string' || token === '' || Number.isNaN(expires.getTime()))
    throw new SlipwayError<CliErrorCode>({
      code: 'token-not-granted',
      message: `the cluster of the context ${quote(context.name)} gave ${quote(`${deployer.home}/${deployer.purpose.account}`)} no token that expires`,
      remedy: 'use a cluster of Kubernetes 1.24 or newer, or --identity for the login of its cloud',
    });
  return { deployer, cluster: await readCluster(deployer, machine), token, expires };
}

async function readCluster({ context }: Deployer, machine: Machine): Promise<JsonObject> {
  const text = outputOf(await machineKubectl(context.name, machine), 'reading the kubeconfig');
  const value = parseJsonIfAny(text);
  return isJsonObject(value) ? value : {};
}

function machineKubectl(context: string, machine: Machine) {
  return kubectl(machine, context, clusterFields());
}

/** @throws SlipwayError `command-failed`, which says that the secret is stored; without the note the next run stores it again */
async function noteToken(
  { context, home, purpose }: Deployer,
  { made, expires }: TokenNote,
  holder: TokenHolder,
  machine: Machine,
): Promise<void> {
  const text = noteText(secondOf(made), secondOf(expires), holder);
  const name = ['serviceaccount', purpose.account, `--namespace=${home}`];
  const args = ['annotate', ...name, '--overwrite', `${noteKey(holder)}=${text}`];
  outputOf(await kubectl(machine, context.name, args), 'the secret is stored; noting when its token expires');
}

function secondOf(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `2026-12-29 20:15 UTC`. */
export function timeOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function formatHours(hours: number): string {
  return hours >= 1 ? `${Math.round(hours)}h` : `${Math.round(hours * 60)}m`;
}
