import { describe, expect, it } from '@jest/globals';
import type { ObjectList, WatchEvent } from '@slipway/cluster';
import { SlipwayError, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { RolloutCluster } from '../src/rollout.ts';
import { POD } from '../src/status/kinds.ts';
import { openFeeds } from '../src/watch/feeds.ts';
import { queriesFor } from '../src/watch/queries.ts';
import { Store } from '../src/watch/store.ts';
import { NAMESPACE, object, pod } from './support/objects.ts';

type Answer<Result> = Result | SlipwayError;

/** A cluster that answers each list and each watch of pods as the script says, and then hangs. */
function scripted(lists: Answer<readonly KubernetesObject[]>[], watches: Answer<readonly WatchEvent[]>[]) {
  const asked: string[] = [];
  const finished = Promise.withResolvers<void>();
  const client: RolloutCluster = {
    get: async () => undefined,
    openApi: async () => undefined,
    logs: async () => '',
    listMetadata: async () => ({ resourceVersion: '1', items: [] }),
    list: async ({ kind }): Promise<ObjectList> => {
      if (kind !== 'Pod') return { resourceVersion: '1', items: [] };
      asked.push('list');
      const answer = lists.shift() ?? [];
      if (answer instanceof SlipwayError) throw answer;
      return { resourceVersion: `list-${asked.length}`, items: answer };
    },
    async *watch({ kind }, version, signal): AsyncGenerator<WatchEvent> {
      const answer = kind === 'Pod' ? watches.shift() : undefined;
      if (kind === 'Pod') asked.push(`watch ${version}`);
      if (answer instanceof SlipwayError) throw answer;
      if (answer !== undefined) return yield* answer;
      if (kind === 'Pod') finished.resolve();
      await new Promise(resolve => signal.addEventListener('abort', resolve));
    },
  };
  return { client, asked, finished: finished.promise };
}

const bare = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'a' };
const expired = new SlipwayError({ code: 'cluster-expired', message: 'too old' });
const gone = new SlipwayError({ code: 'cluster-unreachable', message: 'no answer' });
const forbidden = new SlipwayError({ code: 'cluster-forbidden', message: 'pods is forbidden' });

function added(name: string, resourceVersion: string): WatchEvent {
  return { type: 'ADDED', object: pod(name, { resourceVersion } as never) };
}

async function feed(script: ReturnType<typeof scripted>) {
  const stop = new AbortController();
  const store = new Store();
  const failed = Promise.withResolvers<never>();
  const context = {
    ...{ client: script.client, signal: stop.signal, logger: silentLogger, wake: () => {} },
    fail: failed.reject,
  };
  try {
    await openFeeds(queriesFor([bare]), store, context);
    await Promise.race([script.finished, failed.promise]);
  } catch (error) {
    stop.abort();
    throw error;
  }
  const names = store.list(POD, NAMESPACE)?.map(({ metadata }) => metadata.name);
  const { current } = store;
  stop.abort();
  return { names, current, asked: script.asked };
}

describe('following a kind', () => {
  it('goes on from the last version when the server ends the watch', async () => {
    const script = scripted([[pod('a')]], [[added('b', '7')], [{ type: 'BOOKMARK', resourceVersion: '9' }]]);
    expect(await feed(script)).toEqual({
      names: ['a', 'b'],
      current: true,
      asked: ['list', 'watch list-1', 'watch 7', 'watch 9'],
    });
  });

  it('lists again when the version is too old, and forgets what is gone', async () => {
    const script = scripted([[pod('a')], [pod('b')]], [expired]);
    expect(await feed(script)).toEqual({
      names: ['b'],
      current: true,
      asked: ['list', 'watch list-1', 'list', 'watch list-3'],
    });
  });

  it('survives a server that is away for a while', async () => {
    const script = scripted([[pod('a')], gone, [pod('a'), pod('b')]], [gone]);
    expect(await feed(script)).toMatchObject({ names: ['a', 'b'], current: true });
  });

  it('removes what was deleted', async () => {
    const script = scripted([[pod('a'), pod('b')]], [[{ type: 'DELETED', object: pod('a') }]]);
    expect(await feed(script)).toMatchObject({ names: ['b'] });
  });

  it('fails where the first list gets no answer', async () => {
    await expect(feed(scripted([gone], []))).rejects.toMatchObject({ code: 'cluster-unreachable' });
  });

  it('fails where what is needed may not be read', async () => {
    await expect(feed(scripted([forbidden], []))).rejects.toMatchObject({ code: 'cluster-forbidden' });
  });

  it('does without what only helps and may not be read', async () => {
    const store = new Store();
    const { client } = scripted([forbidden], []);
    const { signal } = new AbortController();
    const helpful = queriesFor([bare]).map(feed => ({ ...feed, need: 'helpful' as const }));
    const ignore = (): void => {};
    await openFeeds(helpful, store, { client, signal, logger: silentLogger, wake: ignore, fail: ignore });
    expect(store.list(POD, NAMESPACE)).toBeUndefined();
    expect(store.current).toBe(true);
  });

  it('fails where what is needed may be read and not be watched', async () => {
    const script = scripted([[pod('a')], [pod('a')]], [forbidden, forbidden]);
    await expect(feed(script)).rejects.toBe(forbidden);
    expect(script.asked).toEqual(['list', 'watch list-1', 'list', 'watch list-3']);
  });

  it('goes on where a watch is refused once, as by a server that starts', async () => {
    const refused = scripted([[pod('a')], gone, [pod('b')]], [forbidden]);
    expect(await feed(refused)).toMatchObject({ names: ['b'], current: true });
    const again = scripted([[pod('a')], [pod('b')], [pod('c')]], [forbidden, [added('d', '7')], forbidden]);
    expect(await feed(again)).toMatchObject({ names: ['c'], current: true });
  });

  it('leaves out what only helps and may not be watched', async () => {
    const store = new Store();
    const { client } = scripted([[pod('a')], [pod('a')]], [forbidden, forbidden]);
    const stop = new AbortController();
    const [woken, helpful] = [Promise.withResolvers<void>(), queriesFor([bare])];
    const wake = (): void => {
      if (store.section(POD, NAMESPACE)?.unreadable !== undefined) woken.resolve();
    };
    const context = { client, signal: stop.signal, logger: silentLogger, wake, fail: woken.reject };
    const feeds = helpful.map(one => ({ ...one, need: 'helpful' as const }));
    await openFeeds(feeds, store, context);
    await woken.promise;
    stop.abort();
    expect(store.list(POD, NAMESPACE)).toBeUndefined();
    expect(store.current).toBe(true);
  });
});

describe('the queries', () => {
  const kindsOf = (objects: Parameters<typeof queriesFor>[0]) =>
    queriesFor(objects).map(({ query, watched }) => [query.kind, query.fieldSelector ?? '', watched]);
  const deployment = (name: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: NAMESPACE,
    name,
    uid: name,
  });

  it('are one for each kind and namespace, however many objects there are', () => {
    expect(kindsOf([deployment('api'), deployment('web')])).toEqual([
      ['Deployment', '', true],
      ['ReplicaSet', '', true],
      ['Pod', '', true],
      ['Event', 'type=Warning', true],
    ]);
  });

  it('ask for a single object by its name', () => {
    expect(kindsOf([deployment('api')])[0]).toEqual(['Deployment', 'metadata.name=api', true]);
  });

  it('ask for an autoscaler in the version that shows its conditions, unless it has to match a manifest', () => {
    const kind = { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler' };
    const first = { ...kind, namespace: NAMESPACE, name: 'api' };
    const versionsOf = (...given: Parameters<typeof queriesFor>) =>
      queriesFor(...given).map(({ query }) => query.apiVersion);
    expect(versionsOf([{ ...first, uid: 'u' }])).toEqual(['autoscaling/v2']);
    const expected = { ...kind, metadata: { name: 'api' } };
    expect(versionsOf([{ ...first, expected }])).toEqual(['autoscaling/v1']);
  });

  it('ask for no more than the metadata of configuration, whether or not the release has written it', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 's' };
    for (const one of [secret, { ...secret, uid: 'u' }])
      expect(queriesFor([one])).toMatchObject([
        { query: { fieldSelector: 'metadata.name=s' }, part: 'metadata', watched: false },
      ]);
    expect(queriesFor([secret, { ...secret, name: 't', uid: 'u' }])).toMatchObject([{ part: 'metadata' }]);
  });
});

describe('what is kept', () => {
  it('has no managed fields, which are a third of an object', () => {
    const section = new Store().open(POD, NAMESPACE);
    section.put(object('v1', 'Pod', 'a', { managedFields: [{ manager: 'kubelet' }] } as never));
    expect(section.get('a')?.metadata).not.toHaveProperty('managedFields');
  });

  it('follows an object whose owner changes', () => {
    const store = new Store();
    const [one, two] = [object('apps/v1', 'ReplicaSet', 'one'), object('apps/v1', 'ReplicaSet', 'two')];
    const section = store.open(POD, NAMESPACE);
    section.put(pod('a', { owner: one }));
    section.put(pod('a', { owner: two }));
    expect(store.ownedBy(one, POD)).toEqual([]);
    expect(store.ownedBy(two, POD)).toHaveLength(1);
  });
});
