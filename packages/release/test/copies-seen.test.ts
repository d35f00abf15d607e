import { describe, expect, it } from '@jest/globals';
import type { ClusterClient, ListQuery } from '@slipway/cluster';
import { defined, type Release, SlipwayError } from '@slipway/core';
import { APPLICATION, FORMATION, RELEASE, VERDICT, WAY_HOME } from '@slipway/kubernetes';
import { stepsState } from '@slipway/testkit/releases';
import { type CopiesLook, seeCopies } from '../src/observed/copies-seen.ts';
import { parseNote } from '../src/records/status-note.ts';

const owner = { application: 'shop', formation: 'staging', namespace: 'shop' };

type Noted = { readonly number: number; readonly verdict?: string };

const lease = ({ number, verdict }: Noted) => ({
  ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
  metadata: {
    name: 'note',
    annotations: defined({ [RELEASE]: String(number), [VERDICT]: verdict }) as Record<string, string>,
  },
});

interface There {
  readonly note?: Noted | undefined;
  readonly records?: readonly Noted[] | undefined;
  readonly deployments?: readonly object[];
}

/** A cluster as it is when it is looked at again, and what it was asked for. */
function cluster({ note, records, deployments }: There) {
  const asked: string[] = [];
  const forbidden = new SlipwayError({ code: 'cluster-forbidden', message: 'x', remedy: 'y' });
  const client = {
    async get() {
      asked.push('Lease');
      return note && lease(note);
    },
    async listMetadata({ kind }: ListQuery) {
      asked.push(kind);
      if (kind === 'Deployment') return { resourceVersion: '1', items: deployments ?? [] };
      if (records === undefined) throw forbidden;
      const items = records.map(({ number, verdict = 'open' }) => ({
        metadata: {
          name: `slipway.shop.staging.${number}`,
          labels: { [APPLICATION]: 'shop', [FORMATION]: 'staging', [VERDICT]: verdict },
        },
      }));
      return { resourceVersion: '1', items };
    },
  } as unknown as ClusterClient;
  return { client, asked };
}

interface Case extends There {
  readonly seen?: { readonly note?: Noted; readonly newest?: Partial<Release>; readonly problems?: number };
  readonly found?: readonly string[] | undefined;
  readonly mayReadRecords?: boolean;
}

async function look({ seen = {}, found, mayReadRecords = true, ...there }: Case) {
  const { client, asked } = cluster(there);
  const history: CopiesLook['history'] = mayReadRecords
    ? {
        newest: seen.newest as Release | undefined,
        problems: Array.from({ length: seen.problems ?? 0 }, () => ({ code: 'record-broken', message: 'x' })),
      }
    : undefined;
  const note = seen.note && parseNote(lease(seen.note));
  return { copies: await seeCopies({ client, owner, note, history, found }), asked };
}

const first = { number: 1, verdict: 'succeeded' } as const;
const second = { number: 2 };
const copyOf = (name: string, more: object = {}) => ({
  metadata: { name, annotations: { [WAY_HOME]: 'kubectl' }, ...more },
});

describe('a temporary copy', () => {
  it('is left where the newest record is of a release that has none, whatever is noted', async () => {
    const there = { note: second, records: [first] };
    const { copies } = await look({ ...there, seen: { note: second, newest: first }, found: ['api-next'] });
    expect(copies).toEqual({ names: ['api-next'], areLeft: true });
  });

  it('is that of an open release in steps, and may be that of one whose record cannot be read', async () => {
    const open = { ...second, steps: stepsState() };
    for (const seen of [{ newest: open }, { problems: 1 }])
      expect(await look({ seen, found: ['api-next'] })).toEqual({ copies: undefined, asked: [] });
  });

  it('is left by the note where that has a verdict, and is not known to be where it has none', async () => {
    const undone = { number: 2, verdict: 'rolled-back' };
    const found = ['api-next'];
    for (const [note, areLeft] of [
      [undone, true],
      [second, false],
    ] as const)
      expect((await look({ note, seen: { note }, found, mayReadRecords: false })).copies).toEqual({
        names: found,
        areLeft,
      });
  });

  it('is not left where a release has begun or ended while it was looked at', async () => {
    const seen = { note: first, newest: first };
    const found = ['api-next'];
    const begun = { note: second, records: [second, first] };
    expect((await look({ ...begun, seen, found })).copies).toBeUndefined();
    const recorded = { note: first, records: [second, first] };
    expect((await look({ ...recorded, seen, found })).copies).toBeUndefined();
  });

  it('costs a request only where it is there, or where nothing is released', async () => {
    const seen = { note: first, newest: first };
    expect((await look({ seen, found: [] })).asked).toEqual([]);
    expect(await look({ records: [], deployments: [] })).toEqual({
      copies: undefined,
      asked: ['Deployment'],
    });
  });

  it('is found where nothing is recorded or noted any more, unless it is being removed', async () => {
    const deployments = [
      copyOf('api-next'),
      copyOf('web-next', { deletionTimestamp: '2026-12-01T00:00:00Z' }),
      { metadata: { name: 'api' } },
    ];
    for (const mayReadRecords of [true, false])
      expect((await look({ records: [], deployments, mayReadRecords })).copies).toEqual({
        names: ['api-next'],
        areLeft: true,
      });
  });
});
