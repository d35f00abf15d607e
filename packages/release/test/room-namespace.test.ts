import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { RoomTerms } from '../src/rooms/room.ts';
import { namespaceStays } from '../src/rooms/room-errors.ts';
import { parseRoomNamespace, readOwnNamespace, roomNamespace } from '../src/rooms/room-namespace.ts';
import { roomBinding, roomFence } from '../src/rooms/room-objects.ts';

const TERMS: RoomTerms = {
  ...{ application: 'shop', from: 'preview', key: '7', namespace: 'shop-pr-7', destination: 'dev' },
  ...{ environment: 'preview', repository: 'acme/shop', repositoryId: 4711, pull: 7 },
  ...{ server: 'https://github.com', expires: new Date('2026-12-01T12:00:00Z') },
};

const live = (annotations: object = {}, labels: object = {}, metadata: object = {}): KubernetesObject => {
  const made = roomNamespace(TERMS);
  const { annotations: marks, labels: known } = made.metadata as unknown as Record<string, object>;
  const kept = (all: object) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  return {
    ...made,
    metadata: {
      ...made.metadata,
      creationTimestamp: '2026-11-29T12:00:00Z',
      annotations: kept({ ...marks, ...annotations }),
      labels: kept({ ...known, ...labels }),
      ...metadata,
    },
  } as unknown as KubernetesObject;
};

describe('the namespace of an instance', () => {
  it('says whose it is', () => {
    expect(parseRoomNamespace(live())).toMatchObject({ ...TERMS, formation: 'preview-7', form: 'create' });
    expect(parseRoomNamespace(live())).not.toHaveProperty('isEnding');
    const going = live({}, {}, { deletionTimestamp: '2026-11-30T12:00:00Z' });
    expect(parseRoomNamespace(going)).toMatchObject({ isEnding: true });
  });

  it.each<[string, KubernetesObject]>([
    ['no marks', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-pr-7' } }],
    ['no server', live({ 'slipway.dev/server': null })],
    ['no repository', live({ 'slipway.dev/repository-id': null })],
    ['another repository than in JSON', live({ 'slipway.dev/repository-id': '8' })],
    ['another pull request than in JSON', live({ 'slipway.dev/pull-request': '8' })],
    ['another end than in JSON', live({ 'slipway.dev/expires': '2027-01-01T00:00:00.000Z' })],
    ['no end', live({ 'slipway.dev/expires': null })],
    ['the label of another instance', live({}, { 'slipway.dev/formation': 'preview-8' })],
    ['no application', live({}, { 'slipway.dev/application': null })],
  ])('is not known by %s', (_title, namespace) => {
    expect(parseRoomNamespace(namespace)).toBeUndefined();
  });

  it.each<[string, Partial<RoomTerms>]>([
    ['another repository', { repositoryId: 8 }],
    ['another server', { server: 'https://ghe.acme.io' }],
    ['another application', { application: 'other' }],
    ['another instance', { key: '8' }],
  ])('is refused to %s', async (_title, changes) => {
    const client = { get: async () => live() };
    const refusal = readOwnNamespace(client, { ...TERMS, ...changes });
    await expect(refusal).rejects.toMatchObject({ code: 'room-foreign' });
  });

  it('is given to the tenant only, and closed to private addresses', () => {
    const [quota, range, policy] = roomFence('shop-pr-7', {
      quota: { pods: '3' },
      network: { from: ['gateway'] },
    });
    expect(quota).toMatchObject({
      spec: { hard: { pods: '3', 'requests.cpu': '4', 'services.nodeports': '0' } },
    });
    expect(range).toMatchObject({ spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } });
    expect(JSON.stringify(policy)).toContain('169.254.0.0/16');
    expect(roomBinding('shop-pr-7', { tenant: 'tenant' })).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'slipway-tenant' },
      subjects: [{ kind: 'User', name: 'tenant' }],
    });
  });

  it('that stays is named with what Kubernetes says of it, and nothing is made up', () => {
    const condition = (type: string, status: string, message: string) => ({ type, status, message });
    const conditions = [
      condition('NamespaceDeletionDiscoveryFailure', 'False', 'All resources successfully discovered'),
      condition(
        'NamespaceFinalizersRemaining',
        'True',
        'finalizers remaining: example.org/backup in 1 resource instances',
      ),
    ];
    const stays = namespaceStays({ ...live(), status: { conditions } }, { formation: 'preview-7' });
    expect(stays.message).toMatch(
      /still exists: finalizers remaining: example.org\/backup in 1 resource instances$/,
    );
    expect(namespaceStays(live(), { formation: 'preview-7' }).message).toMatch(
      /Kubernetes does not say what keeps it$/,
    );
  });
});
