import { excerpt, isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/** One try of the client to reach the server. */
export interface Try {
  readonly number: number;
  readonly isReached: boolean;
}

const LONGEST = 200;
/** As a network may lose a packet, one try that fails is not a policy. */
const IN_A_ROW = 5;

/** The tries in a log. Other lines are what programs complain of. */
export function triesIn(log: string): Try[] {
  return log.split('\n').flatMap(line => {
    const [, number, word] = /^(\d+) (reached|stopped)$/.exec(line.trim()) ?? [];
    return number === undefined ? [] : [{ number: Number(number), isReached: word === 'reached' }];
  });
}

/** The last line of a log that is not a try; empty without one. */
export function complaintIn(log: string): string {
  const lines = log.split('\n').filter(line => line.trim() !== '' && triesIn(line).length === 0);
  return excerpt(lines.at(-1)?.trim() ?? '', LONGEST);
}

/** What some tries say together: the newest counts, and nothing is said after the first ones that fail. */
export function judgeTries(tries: readonly Try[]): 'reached' | 'stopped' | 'unclear' {
  if (tries.at(-1)?.isReached === true) return 'reached';
  const last = tries.slice(-IN_A_ROW);
  return last.length === IN_A_ROW && last.every(({ isReached }) => !isReached) ? 'stopped' : 'unclear';
}

/** How far a pod is: its address once it runs, or why it does not, and whether that can still change. */
export type PodState =
  | { readonly state: 'runs'; readonly address: string }
  | { readonly state: 'waits' | 'fails'; readonly why: string };

/** Reasons after which waiting is in vain, or kubelet has tried more than once. */
const FINAL =
  /^(?:ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainer\w*Error|RunContainerError|CrashLoopBackOff)$/;

/** What the API server says of a pod with one container. */
export function podState(pod: JsonValue | undefined): PodState {
  const status = objectAt(pod, 'status');
  const [container] = listOf(status['containerStatuses']);
  const state = objectAt(container, 'state');
  const { phase, podIP } = status;
  if (phase === 'Running' && typeof podIP === 'string' && isJsonObject(state['running']))
    return { state: 'runs', address: podIP };
  const waiting = objectAt(state, 'waiting');
  const ended = objectAt(state, 'terminated');
  if (phase === 'Failed' || phase === 'Succeeded') {
    const code = ended['exitCode'] === undefined ? '' : ` with exit code ${String(ended['exitCode'])}`;
    return { state: 'fails', why: said(`it ended${code}`, ended['message'] ?? status['message']) };
  }
  const reason = waiting['reason'];
  if (typeof reason === 'string' && reason !== 'ContainerCreating')
    return { state: FINAL.test(reason) ? 'fails' : 'waits', why: said(reason, waiting['message']) };
  const scheduled = listOf(status['conditions']).find(one => one['type'] === 'PodScheduled');
  return scheduled?.['status'] === 'False'
    ? { state: 'waits', why: said('it gets no node', scheduled['message']) }
    : { state: 'waits', why: 'it does not run yet' };
}

function said(what: string, more: JsonValue | undefined): string {
  return typeof more === 'string' && more !== '' ? `${what}: ${excerpt(more, LONGEST)}` : what;
}

function objectAt(value: JsonValue | undefined, key: string): JsonObject {
  const inner = isJsonObject(value) ? value[key] : undefined;
  return isJsonObject(inner) ? inner : {};
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
