import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { parseRoom, type RoomTerms, roomMetadata } from '../src/rooms/room.ts';
import { isOfRepository } from '../src/rooms/rooms.ts';

const TERMS: RoomTerms = {
  ...{ application: 'shop', from: 'preview', key: '7', namespace: 'previews', destination: 'dev' },
  ...{ environment: 'preview', repository: 'acme/shop', repositoryId: 4711, pull: 7 },
  expires: new Date('2026-12-01T12:00:00Z'),
};
const ROOM = 'slipway.dev/room';

interface Metadata {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

function lease(change: (metadata: Metadata) => object = metadata => metadata, terms = TERMS) {
  const metadata = {
    ...roomMetadata(terms),
    creationTimestamp: '2026-11-29T12:00:00Z',
  } as unknown as Metadata;
  return {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec: {} },
    metadata: change(metadata),
  } as unknown as KubernetesObject;
}

/** The Lease of pull request 7, in which someone rewrote what it says. */
const saying = (changes: object) =>
  lease(metadata => ({
    ...metadata,
    annotations: { [ROOM]: JSON.stringify({ ...JSON.parse(metadata.annotations[ROOM] ?? ''), ...changes }) },
  }));
const labelled = (changes: object) =>
  lease(metadata => ({ ...metadata, labels: { ...metadata.labels, ...changes } }));

describe('a Lease that keeps a room', () => {
  it('says all of it, for a pull request and for a branch', () => {
    expect(parseRoom(lease())).toMatchObject({ ...TERMS, formation: 'preview-7' });
    const { pull: _, ...branch } = { ...TERMS, key: 'login-page' };
    expect(parseRoom(lease(undefined, branch))).toMatchObject({ ...branch, formation: 'preview-login-page' });
    expect(parseRoom(saying({ url: 5, repositoryId: 'x', isEnding: 'yes' }))).not.toHaveProperty('isEnding');
  });

  it.each<[string, KubernetesObject]>([
    ['nothing', lease(metadata => ({ ...metadata, annotations: {} }))],
    ['no annotations', lease(({ name, labels }) => ({ name, labels }))],
    ['text that is not JSON', lease(metadata => ({ ...metadata, annotations: { [ROOM]: '{' } }))],
    ['a list', lease(metadata => ({ ...metadata, annotations: { [ROOM]: '[]' } }))],
    ['null', lease(metadata => ({ ...metadata, annotations: { [ROOM]: 'null' } }))],
    ['the key of another instance', saying({ key: '8' })],
    ['the key and the pull request of another instance', saying({ key: '8', pull: 8 })],
    ['another pull request, which may be closed', saying({ pull: 8 })],
    ['no pull request, although its key is a number', saying({ pull: undefined })],
    ['its pull request as text', saying({ pull: '7' })],
    ['a part of a pull request', saying({ pull: 7.5 })],
    ['a key that is a path', saying({ key: '../7' })],
    ['a key that is a number', saying({ key: 7 })],
    ['no key', saying({ key: undefined })],
    ['an end that is not a time', saying({ expires: 'never' })],
    ['an end as a number', saying({ expires: 0 })],
    ['no end', saying({ expires: undefined })],
    ['an end in no year', saying({ expires: '+999999-01-01T00:00:00Z' })],
    ['no repository', saying({ repository: undefined })],
    ['a repository that is not text', saying({ repository: { id: 1 } })],
    ['no destination', saying({ destination: null })],
    ['no environment', saying({ environment: [] })],
    ['another formation in its label', labelled({ 'slipway.dev/formation': 'staging' })],
    ['another instance in its label', labelled({ 'slipway.dev/formation': 'preview-8' })],
    ['another application in its label', labelled({ 'slipway.dev/application': 'ledger' })],
    ['another origin in its label', labelled({ 'slipway.dev/spawned-from': 'prev' })],
    ['another name', lease(metadata => ({ ...metadata, name: 'slipway.shop.preview-8.room' }))],
    ['the name of the lock', lease(metadata => ({ ...metadata, name: 'slipway.shop.preview-7' }))],
    ['the time at which it began in no year', lease(metadata => ({ ...metadata, creationTimestamp: 'x' }))],
  ])('is not understood if it says %s', (_title, edited) => {
    expect(parseRoom(edited)).toBeUndefined();
  });

  it('for a branch does not name a pull request', () => {
    const { pull: _, ...branch } = { ...TERMS, key: 'login-page' };
    expect(parseRoom(lease(undefined, { ...branch, pull: 8 }))).toBeUndefined();
  });
});

describe('a room is of the repository', () => {
  it.each<[string, Parameters<typeof isOfRepository>, boolean]>([
    [
      'of its number, whatever the names',
      [
        { repository: 'a/b', repositoryId: 1 },
        { repository: 'c/d', repositoryId: 1 },
      ],
      true,
    ],
    [
      'and not of another number with its name',
      [
        { repository: 'a/b', repositoryId: 1 },
        { repository: 'a/b', repositoryId: 2 },
      ],
      false,
    ],
    [
      'of its name where a number is not known',
      [{ repository: 'a/b', repositoryId: 1 }, { repository: 'A/B' }],
      true,
    ],
    ['and not of a name that begins like it', [{ repository: 'a/b' }, { repository: 'a/b2' }], false],
  ])('%s', (_title, [room, repository], expected) => {
    expect(isOfRepository(room, repository)).toBe(expected);
  });
});
