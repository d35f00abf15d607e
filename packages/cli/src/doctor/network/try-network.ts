import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JsonObject, parseJsonIfAny } from '@slipway/core';
import type { Machine } from '../../machine/machine.ts';
import { answerOf, kubectl, kubectlArguments, type ProgramAnswer } from '../../outside/programs.ts';
import { shellCommand } from '../../outside/shell.ts';
import { say } from '../../tell/say.ts';
import {
  CLIENT,
  clientPod,
  DIRECTIONS,
  type Direction,
  denial,
  POLICY,
  SERVER,
  serverPod,
  trialNamespace,
} from './objects.ts';
import { complaintIn, judgeTries, podState, type Try, triesIn } from './read-pods.ts';

/** What a trial told about the network of a cluster. */
export type Outcome =
  | { readonly state: 'enforced' }
  | { readonly state: 'not enforced'; readonly direction: Direction }
  | { readonly state: 'not known'; readonly why: string };

export interface Trial {
  readonly outcome: Outcome;
  /** The command that removes what could not be removed. */
  readonly left?: string;
}

/** How often and how long a trial looks. */
export interface Patience {
  /** Milliseconds between two looks. */
  readonly every: number;
  /** Looks for a pod to run, or for a policy to take effect in either way. */
  readonly looks: number;
  /** Tries that still reach the other pod, after which no policy is waited for. */
  readonly reached: number;
}

const PATIENCE: Patience = { every: 1000, looks: 120, reached: 30 };

/** What ends a trial without an answer. */
class NotKnown extends Error {}

/**
 * Makes a namespace with two pods and tries whether a NetworkPolicy keeps one from the other. A pod that is not reached tells nothing alone:
 * it must be reached before the policy, and again once that is gone. The namespace is removed whatever happens, an interruption included.
 */
export async function tryNetwork(
  context: string,
  image: string,
  machine: Machine,
  patience: Patience = PATIENCE,
): Promise<Trial> {
  const namespace = `slipway-network-${randomBytes(5).toString('hex')}`;
  const made = await kubectl(
    machine,
    context,
    ['create', '-f', '-'],
    JSON.stringify(trialNamespace(namespace)),
  );
  // What the server refused was not made; where no answer came it may have been.
  if (made.exitCode !== 0 && /Error from server/.test(made.said))
    return { outcome: { state: 'not known', why: `the namespace could not be made: ${made.said}` } };
  const place = { context, namespace, machine, patience };
  let left: string | undefined;
  let outcome: Outcome;
  try {
    outcome =
      made.exitCode === 0
        ? await outcomeIn(place, image)
        : { state: 'not known', why: `the namespace could not be made: ${made.said}` };
  } finally {
    left = await remove(place);
    if (left !== undefined)
      say(
        machine.errors,
        `warning: Namespace ${namespace} is still there; remove it with ${left}`,
        'warning',
      );
  }
  return { outcome, ...(left === undefined ? {} : { left }) };
}

interface Place {
  readonly context: string;
  readonly namespace: string;
  readonly machine: Machine;
  readonly patience: Patience;
}

async function outcomeIn(place: Place, image: string): Promise<Outcome> {
  try {
    await create(place, 'the pod that answers', serverPod(image));
    const address = await addressOf(place, SERVER);
    await create(place, 'the pod that asks', clientPod(image, address));
    await addressOf(place, CLIENT);
    await untilReached(place, 0, 'before there was a policy');
    for (const direction of DIRECTIONS) {
      const before = await newest(place);
      await create(place, `the policy for ${direction}`, denial(direction));
      if (!(await isStopped(place, before))) return { state: 'not enforced', direction };
      const kept = await newest(place);
      await ask(place, 'removing the policy', ['delete', 'networkpolicy', POLICY]);
      await untilReached(
        place,
        kept,
        `after the policy for ${direction} was removed, which may not be what kept it`,
      );
    }
    return { state: 'enforced' };
  } catch (error) {
    if (error instanceof NotKnown) return { state: 'not known', why: error.message };
    throw error;
  }
}

async function ask(place: Place, what: string, args: readonly string[], input?: string): Promise<string> {
  const answer = await inNamespace(place, args, input);
  if (answer.exitCode !== 0)
    throw new NotKnown(`${what} did not succeed: ${answer.said || `exit code ${answer.exitCode}`}`);
  return answer.stdout;
}

async function inNamespace(
  { machine, context, namespace }: Place,
  args: readonly string[],
  input?: string,
): Promise<ProgramAnswer> {
  return await kubectl(machine, context, [...args, `--namespace=${namespace}`], input);
}

/** A new namespace has no ServiceAccount for a moment, without which no pod is admitted. */
async function create(place: Place, what: string, object: JsonObject): Promise<void> {
  const args = ['create', '-f', '-'];
  const text = JSON.stringify(object);
  for (let look = 0; look < place.patience.looks; look += 1) {
    const answer = await inNamespace(place, args, text);
    if (answer.exitCode === 0) return;
    if (!/serviceaccount .*not found/i.test(answer.said))
      throw new NotKnown(`${what} could not be made: ${answer.said || `exit code ${answer.exitCode}`}`);
    await pause(place);
  }
  throw new NotKnown(`${what} could not be made: the namespace got no ServiceAccount`);
}

async function addressOf(place: Place, pod: string): Promise<string> {
  let why = '';
  for (let look = 0; look < place.patience.looks; look += 1) {
    const text = await ask(place, `looking at the pod ${pod}`, ['get', 'pod', pod, '-o', 'json']);
    const found = podState(parseJsonIfAny(text));
    if (found.state === 'runs') return found.address;
    why = found.why;
    if (found.state === 'fails') break;
    await pause(place);
  }
  throw new NotKnown(`the pod ${pod} did not start: ${why}`);
}

async function untilReached(place: Place, after: number, when: string): Promise<void> {
  let log = '';
  for (let look = 0; look < place.patience.looks; look += 1) {
    log = await logOf(place);
    const tries = triesAfter(log, after);
    if (judgeTries(tries) === 'reached') return;
    if (tries.length > place.patience.reached) break;
    await pause(place);
  }
  const complaint = complaintIn(log);
  throw new NotKnown(
    `one pod did not reach the other ${when}${complaint === '' ? '' : `; its log says ${JSON.stringify(complaint)}`}`,
  );
}

/** Whether a policy keeps the pods apart, which takes some time until it does. */
async function isStopped(place: Place, after: number): Promise<boolean> {
  for (let look = 0; look < place.patience.looks; look += 1) {
    const tries = triesAfter(await logOf(place), after);
    const found = judgeTries(tries);
    if (found === 'stopped') return true;
    if (found === 'reached' && tries.length >= place.patience.reached) return false;
    await pause(place);
  }
  throw new NotKnown('the tries under a policy were neither all stopped nor enough of them made');
}

/** Without the try that was on its way when something changed. */
function triesAfter(log: string, after: number): Try[] {
  return triesIn(log).filter(({ number }) => after === 0 || number > after + 1);
}

async function newest(place: Place): Promise<number> {
  return triesIn(await logOf(place)).at(-1)?.number ?? 0;
}

async function logOf(place: Place): Promise<string> {
  return await ask(place, 'reading the log of the pod that asks', ['logs', CLIENT, '--tail=200']);
}

async function pause({ machine: { signal }, patience: { every } }: Place): Promise<void> {
  await sleep(every, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/**
 * Removes the namespace and waits until it is gone. After an interruption, too, which `kubectl` of a machine would refuse.
 * @returns the command that does it, if it is not gone
 */
async function remove({ context, namespace, machine, patience }: Place): Promise<string | undefined> {
  const args = ['delete', 'namespace', namespace];
  const run = async (more: readonly string[]): Promise<ProgramAnswer> =>
    answerOf(await machine.exec('kubectl', kubectlArguments(context, more)));
  await run([...args, '--ignore-not-found', '--wait=false']);
  for (let look = 0; look < patience.looks; look += 1) {
    const found = await run(['get', 'namespace', namespace, '--ignore-not-found', '-o', 'name']);
    if (found.exitCode === 0 && found.stdout.trim() === '') return undefined;
    await sleep(patience.every);
  }
  return shellCommand('kubectl', [`--context=${context}`, ...args]);
}
