import { expect, it } from '@jest/globals';
import { SlipwayError, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type RoomTerms, roomNamespace } from '@slipway/release';
import { awaitRoom } from '../src/spawned/await-room.ts';

const NOW = new Date('2026-12-01T12:00:00Z');
const TERMS: RoomTerms = {
  ...{ application: 'shop', from: 'preview', key: '7', namespace: 'shop-pr-7', destination: 'dev' },
  ...{ environment: 'preview', repository: 'acme/shop', repositoryId: 4711, pull: 7 },
  ...{ server: 'https://github.com', expires: new Date('2026-12-02T12:00:00Z') },
};
const HARD = { pods: '30' };
const QUOTA = { spec: { hard: HARD }, status: { hard: HARD } };
const EGRESS = { metadata: { name: 'slipway-room' }, spec: { podSelector: {}, policyTypes: ['Egress'] } };
const RANGE = { spec: { limits: [{ type: 'Container', min: { cpu: '1m', memory: '1Mi' } }] } };
const LISTED: Readonly<Record<string, object>> = { NetworkPolicy: EGRESS, LimitRange: RANGE };

type Namespace = 'forbidden' | undefined | KubernetesObject;

/** An API server with a namespace in which everything is in order. */
function server(namespace: Namespace, allowed: readonly string[] = []) {
  return {
    review: async ({ spec }: { spec: { resourceAttributes: Record<string, string> } }) => {
      const { verb, resource, namespace = '' } = spec.resourceAttributes;
      return { allowed: allowed.includes(`${verb} ${resource} ${namespace}`.trim()) };
    },
    create: async () => ({ metadata: { creationTimestamp: NOW.toISOString() } }),
    list: async ({ kind }: { kind: string }) => ({ items: [LISTED[kind] ?? {}] }),
    async get({ kind }: { kind: string }) {
      if (kind !== 'Namespace') return QUOTA;
      if (namespace === 'forbidden') throw new SlipwayError({ code: 'cluster-forbidden', message: 'no' });
      return namespace;
    },
  };
}

/** What became of a wait that is over after its first look, and how often the room keeper was asked. */
async function waited(
  namespace: Namespace,
  says: boolean,
  allowed: readonly string[] = [],
): Promise<readonly [string, number]> {
  let asked = 0;
  const saysNoRoom = async (): Promise<boolean> => {
    asked += 1;
    return says;
  };
  const around = { clock: () => NOW, signal: new AbortController().signal, logger: silentLogger };
  try {
    const wait = { terms: TERMS, timeout: 0, saysNoRoom };
    const found = await awaitRoom(server(namespace, allowed) as never, wait, around);
    return [found === 'no-room' ? found : 'room', asked];
  } catch (error) {
    return [error instanceof SlipwayError ? error.code : String(error), asked];
  }
}

const live = (changes: object = {}): KubernetesObject => {
  const body = roomNamespace(TERMS);
  return {
    ...body,
    metadata: { ...body.metadata, uid: 'u', creationTimestamp: NOW.toISOString(), ...changes },
  } as KubernetesObject;
};

it.each<[string, Namespace]>([
  ['does not exist', undefined],
  ['is not given to this login', 'forbidden'],
])(
  'there is no room where the namespace %s and the room keeper says so, and only then',
  async (_title, namespace) => {
    expect(await waited(namespace, true)).toEqual(['no-room', 1]);
    expect(await waited(namespace, false)).toEqual(['room-not-ready', 1]);
  },
);

it('a room that is ready is taken, whatever was said of it', async () => {
  expect(await waited(live(), true)).toEqual(['room', 0]);
});

it.each<[string, object]>([
  ['is being removed', { deletionTimestamp: NOW.toISOString() }],
  [
    'lacks its fence',
    {
      labels: {
        ...(live().metadata['labels'] as object),
        'pod-security.kubernetes.io/enforce': 'privileged',
      },
    },
  ],
  [
    'is baseline only',
    {
      labels: {
        ...(live().metadata['labels'] as object),
        'pod-security.kubernetes.io/enforce': 'baseline',
      },
    },
  ],
])('a namespace that %s is not ready, and nothing is asked', async (_title, changes) => {
  expect(await waited(live(changes), true)).toEqual(['room-not-ready', 0]);
});

it.each<[string]>([
  ['create namespaces'],
  ['create rolebindings'],
  ['create rolebindings shop-pr-7'],
  ['patch networkpolicies shop-pr-7'],
  ['deletecollection resourcequotas shop-pr-7'],
  ['update limitranges shop-pr-7'],
  ['patch namespaces shop-pr-7'],
])('a login that may %s deploys nothing', async right => {
  expect(await waited(live(), true, [right])).toEqual(['spawn-unsplit', 0]);
});

it.each<[string]>([['create services shop-pr-7'], ['create ingresses shop-pr-7'], ['create jobs shop-pr-7']])(
  'a login that may %s has to be refused by the second policy',
  async right => {
    expect(await waited(live(), true, [right])).toEqual(['fence-missing', 0]);
  },
);
