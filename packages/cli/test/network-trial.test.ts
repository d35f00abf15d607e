import { describe, expect, it } from '@jest/globals';
import type { ExecResult } from '@slipway/core';
import { complaintIn, judgeTries, podState, triesIn } from '../src/doctor/network/read-pods.ts';
import { type Outcome, tryNetwork } from '../src/doctor/network/try-network.ts';
import type { Machine } from '../src/machine/machine.ts';
import { machineIn } from './support/machine.ts';

const PATIENCE = { every: 0, looks: 40, reached: 10 };
const RUNS = {
  status: { phase: 'Running', podIP: '10.0.0.7', containerStatuses: [{ state: { running: {} } }] },
};
const said = (stdout: string): ExecResult => ({ exitCode: 0, stdout, stderr: '' });
const refused = (stderr: string): ExecResult => ({ exitCode: 1, stdout: '', stderr });

interface World {
  /** Whether a try reaches the server, under the policies of these directions. */
  readonly isReached?: (denied: ReadonlySet<string>) => boolean;
  /** What the API server says of each pod. */
  readonly pod?: object;
  /** An answer in the place of the usual one. */
  readonly instead?: (line: string, input: string) => ExecResult | undefined;
}

/** A cluster with one namespace, whose client tries once for each look at its log. */
function clusterOf({ isReached = () => true, pod = RUNS, instead = () => undefined }: World = {}) {
  const [lines, log, denied]: [string[], string[], Set<string>] = [[], [], new Set()];
  const namespaces = new Set<string>();
  const created = (input: string): ExecResult => {
    const { kind, metadata, spec } = JSON.parse(input);
    if (kind === 'Namespace') namespaces.add(metadata.name);
    if (kind === 'NetworkPolicy') denied.add(spec.policyTypes[0]);
    return said('');
  };
  const exec: Machine['exec'] = async (_command, args, { input = '' } = {}) => {
    const line = args.filter(arg => !/^--(?:context|request-timeout)=/.test(arg)).join(' ');
    lines.push(line);
    const other = instead(line, input);
    if (other !== undefined) return other;
    if (line.startsWith('create ')) return created(input);
    if (line.startsWith('logs ')) {
      log.push(`${log.length + 1} ${isReached(denied) ? 'reached' : 'stopped'}`);
      return said(log.join('\n'));
    }
    if (line.startsWith('get pod ')) return said(JSON.stringify(pod));
    if (line.startsWith('delete networkpolicy ')) denied.clear();
    if (line.startsWith('delete namespace ')) namespaces.clear();
    return said(line.startsWith('get namespace ') ? [...namespaces].join('') : '');
  };
  return { exec, lines, namespaces };
}

async function trial(world: World = {}, more: Partial<Machine> = {}) {
  const cluster = clusterOf(world);
  const complaints: string[] = [];
  const machine = { ...machineIn('/', { printed: [], complaints }), exec: cluster.exec, ...more };
  const ended = await tryNetwork('dev', 'busybox:1.37', machine, PATIENCE).catch((error: Error) => error);
  return { ...cluster, ended, complaints };
}

const outcomeOf = (ended: unknown): Outcome => (ended as { outcome: Outcome }).outcome;

describe('a trial of the network', () => {
  it('calls policies enforced that keep the pods apart in each direction, and only as long as they are there', async () => {
    const { ended, namespaces } = await trial({ isReached: denied => denied.size === 0 });
    expect(ended).toEqual({ outcome: { state: 'enforced' } });
    expect(namespaces.size).toBe(0);
  });

  it.each([
    ['Ingress', () => true],
    ['Egress', (denied: ReadonlySet<string>) => !denied.has('Ingress')],
  ])('calls them not enforced where one for %s changes nothing', async (direction, isReached) => {
    const { ended, namespaces } = await trial({ isReached });
    expect(ended).toEqual({ outcome: { state: 'not enforced', direction } });
    expect(namespaces.size).toBe(0);
  });

  it('knows nothing where one pod never reached the other', async () => {
    const { ended } = await trial({ isReached: () => false });
    expect(outcomeOf(ended)).toEqual({
      state: 'not known',
      why: 'one pod did not reach the other before there was a policy',
    });
  });

  it('knows nothing where the pod is not reached again after the policy is gone', async () => {
    let wasDenied = false;
    const isReached = (denied: ReadonlySet<string>): boolean => {
      wasDenied ||= denied.size > 0;
      return !wasDenied;
    };
    const { ended } = await trial({ isReached });
    expect(outcomeOf(ended)).toMatchObject({
      state: 'not known',
      why: expect.stringMatching(/^one pod did not reach the other after the policy for Ingress was removed/),
    });
  });

  it('does not call a network that loses every other try one that enforces', async () => {
    let tries = 0;
    const { ended } = await trial({ isReached: denied => denied.size === 0 || ++tries % 2 === 0 });
    expect(outcomeOf(ended)).toEqual({ state: 'not enforced', direction: 'Ingress' });
  });

  it.each([
    [
      'an image that is not there',
      {
        phase: 'Pending',
        containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } }],
      },
      'the pod server did not start: ImagePullBackOff: not found',
    ],
    [
      'a cluster without room',
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }],
      },
      'the pod server did not start: it gets no node: 0/1 nodes are available',
    ],
    [
      'a container that ends',
      { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 127 } } }] },
      'the pod server did not start: it ended with exit code 127',
    ],
  ])('knows nothing, and says why: %s', async (_what, status, why) => {
    const { ended, namespaces } = await trial({ pod: { status } });
    expect(outcomeOf(ended)).toEqual({ state: 'not known', why });
    expect(namespaces.size).toBe(0);
  });

  it('removes nothing where the server refused the namespace', async () => {
    const { ended, lines } = await trial({
      instead: line =>
        line.startsWith('create ')
          ? refused('Error from server (Forbidden): namespaces is forbidden')
          : undefined,
    });
    expect(outcomeOf(ended)).toEqual({
      state: 'not known',
      why: 'the namespace could not be made: Error from server (Forbidden): namespaces is forbidden',
    });
    expect(lines).toEqual(['create -f -']);
  });

  it('looks for the namespace where it is not known whether it was made', async () => {
    const { ended, lines } = await trial({
      instead: line => (line === 'create -f -' ? refused('Unable to connect to the server: EOF') : undefined),
    });
    expect(outcomeOf(ended).state).toBe('not known');
    expect(lines.some(line => line.startsWith('delete namespace slipway-network-'))).toBe(true);
  });

  it('waits for the ServiceAccount of the namespace, and says what else keeps a pod out', async () => {
    let refusals = 2;
    const { ended } = await trial({
      isReached: denied => denied.size === 0,
      instead: (_line, input) =>
        input.includes('"Pod"') && refusals-- > 0
          ? refused('Error from server (Forbidden): serviceaccount "default" not found')
          : undefined,
    });
    expect(outcomeOf(ended).state).toBe('enforced');
    const denied = await trial({
      instead: (_line, input) =>
        input.includes('"Pod"') ? refused('Error from server (Forbidden): registry not allowed') : undefined,
    });
    expect(outcomeOf(denied.ended)).toEqual({
      state: 'not known',
      why: 'the pod that answers could not be made: Error from server (Forbidden): registry not allowed',
    });
  });

  it('removes the namespace after an interruption, and passes that on', async () => {
    const interrupted = new AbortController();
    const { ended, namespaces } = await trial(
      {
        instead: line => {
          if (line.startsWith('logs ')) interrupted.abort(new Error('interrupted'));
          return undefined;
        },
      },
      { signal: interrupted.signal },
    );
    expect(ended).toEqual(new Error('interrupted'));
    expect(namespaces.size).toBe(0);
  });

  it('gives the command that removes a namespace that stays', async () => {
    const { ended, complaints, namespaces } = await trial({
      isReached: denied => denied.size === 0,
      instead: line => (line.startsWith('delete namespace ') ? refused('no answer') : undefined),
    });
    const left = `kubectl --context=dev delete namespace ${[...namespaces][0]}`;
    expect(ended).toEqual({ outcome: { state: 'enforced' }, left });
    expect(complaints.join('\n')).toContain(`remove it with ${left}`);
  });
});

describe('what pods and their logs say', () => {
  it('reads tries, and what is not one', () => {
    const log = '1 reached\nnc: not found\n2 stopped\n';
    expect(triesIn(log)).toEqual([
      { number: 1, isReached: true },
      { number: 2, isReached: false },
    ]);
    expect(complaintIn(log)).toBe('nc: not found');
    expect(complaintIn('1 reached\n')).toBe('');
  });

  it('needs five tries in a row that fail', () => {
    const tries = (words: string) => [...words].map((word, number) => ({ number, isReached: word === 'r' }));
    expect(judgeTries([])).toBe('unclear');
    expect(judgeTries(tries('ssss'))).toBe('unclear');
    expect(judgeTries(tries('sssss'))).toBe('stopped');
    expect(judgeTries(tries('ssssrssss'))).toBe('unclear');
    expect(judgeTries(tries('sssssr'))).toBe('reached');
  });

  it('takes a pod with an address for one that runs only when its container does', () => {
    expect(podState(RUNS)).toEqual({ state: 'runs', address: '10.0.0.7' });
    expect(podState({ status: { phase: 'Pending', podIP: '10.0.0.7' } }).state).toBe('waits');
    expect(podState(undefined).state).toBe('waits');
  });
});
