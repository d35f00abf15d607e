import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type Hold,
  type JsonObject,
  type Logger,
  type Release,
  SlipwayError,
  silentLogger,
  valueAt,
} from '@slipway/core';
import { annotationOf, HOLD, LOCK_WANTED } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect, createNamespace, until } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { close, deploy, recordOf, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  destroyFormation,
  liftHold,
  prepareRelease,
  readHold,
  rollBack,
  setHold,
  undoRelease,
} from '../src/index.ts';
import { leaseReference } from '../src/records/lease.ts';
import { withLock } from '../src/records/lock.ts';
import { changeRecord, createRecord, listReleases, recordReference } from '../src/records/records.ts';
import { clock, codesOf, never } from './fixture.ts';
import { holdingProxy } from './holding-proxy.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const HOUR = 3_600_000;
const ownerIn = (namespace: string) => requestFor(namespace, []).identity;
const leaseIn = (namespace: string) => ({
  ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace },
  name: 'slipway.shop.staging.hold',
});

const holdFrom = (start: number, changes: Partial<Hold> = {}): Hold => ({
  ...{ by: 'alice', reason: 'the checkout loses orders', since: new Date(start).toISOString() },
  ...changes,
});
const hold = (changes: Partial<Hold> = {}): Hold => holdFrom(Date.now(), changes);
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

const push = async (namespace: string, level: string): Promise<Release> =>
  (await deploy(client, requestFor(namespace, [configMap('settings', { level })]))).release;

const undoing = (release: Release) => ({
  ...{ client, clock, signal: never, logger: silentLogger, release, repository: 'acme/shop' },
  ...{ actor: 'someone', run: 'https://github.example/run/2', reason: 'test' },
  ...{ lockTimeout: 5_000, timeout: 20_000 },
});

const destroying = (namespace: string) =>
  destroyFormation({
    ...{ client, clock, signal: never, logger: silentLogger },
    ...{ identity: requestFor(namespace, []).identity, holder: 'a test', timeout: 5_000 },
  });

const levelIn = async (namespace: string): Promise<unknown> => {
  const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
  return valueAt(live ?? {}, ['data', 'level']);
};

const stateIn = async (namespace: string): Promise<string> =>
  (await readHold(client, ownerIn(namespace), clock())).state;

async function twoReleases(namespace: string): Promise<Release> {
  await createNamespace(client, namespace);
  await closeRelease(client, await push(namespace, 'one'), 'succeeded', clock);
  return await push(namespace, 'two');
}

describe('a formation that is held', () => {
  it('takes no release and no removal until the hold is lifted', async () => {
    await twoReleases('held');
    await setHold(client, ownerIn('held'), hold({ until: inHours(1) }));
    expect(await codesOf(push('held', 'three'))).toEqual(['formation-held']);
    expect(await codesOf(destroying('held'))).toEqual(['formation-held']);
    expect(await levelIn('held')).toBe('two');
    await liftHold(client, ownerIn('held'));
    expect((await recordOf(client, 'held', 2)).hold).toBeUndefined();
    expect(await client.get(leaseIn('held'))).toBeUndefined();
    await push('held', 'three');
    expect(await levelIn('held')).toBe('three');
  });

  it('takes none before its first release either', async () => {
    await createNamespace(client, 'held-first');
    await setHold(client, ownerIn('held-first'), hold());
    expect(await codesOf(push('held-first', 'one'))).toEqual(['formation-held']);
    expect(await levelIn('held-first')).toBeUndefined();
  });

  it('takes one again once the hold has ended, which leaves nothing when it is removed', async () => {
    await twoReleases('held-over');
    const past = holdFrom(Date.now() - 2 * HOUR, { until: inHours(-1) });
    await setHold(client, ownerIn('held-over'), past);
    await push('held-over', 'three');
    await destroying('held-over');
    expect(await client.get(leaseIn('held-over'))).toBeUndefined();
  });

  it.each<[string, (namespace: string) => Promise<unknown>]>([
    ['text', namespace => client.patch(leaseIn(namespace), noted('until monday'))],
    ['a field of another version', namespace => client.patch(leaseIn(namespace), noted('{"v":2}'))],
    ['nothing', namespace => client.patch(leaseIn(namespace), noted(null))],
    [
      'an end that is not a time',
      namespace => client.patch(leaseIn(namespace), noted(JSON.stringify(hold({ until: 'soon' })))),
    ],
  ])('is not taken for free where its Lease has %s', async (what, change) => {
    const namespace = `held-by-${what.replaceAll(' ', '-')}`;
    await twoReleases(namespace);
    await setHold(client, ownerIn(namespace), hold());
    await change(namespace);
    expect(await codesOf(push(namespace, 'three'))).toEqual(['hold-unreadable']);
    expect(await codesOf(destroying(namespace))).toEqual(['hold-unreadable']);
    expect(await levelIn(namespace)).toBe('two');
    await liftHold(client, ownerIn(namespace));
    await push(namespace, 'three');
  });

  it('stays held by its record when the Lease is deleted', async () => {
    await twoReleases('held-record');
    await setHold(client, ownerIn('held-record'), hold());
    await client.delete(leaseIn('held-record'));
    expect(await codesOf(push('held-record', 'three'))).toEqual(['formation-held']);
  });

  it('stays held as long as the longer of both says', async () => {
    await twoReleases('held-longer');
    await setHold(client, ownerIn('held-longer'), hold());
    await client.patch(leaseIn('held-longer'), noted(JSON.stringify(hold({ until: inHours(-1) }))));
    expect(await codesOf(push('held-longer', 'three'))).toEqual(['formation-held']);
  });

  it('is refused to a run that had compared before', async () => {
    await twoReleases('held-meanwhile');
    const request = requestFor('held-meanwhile', [configMap('settings', { level: 'three' })]);
    const prepared = await prepareRelease({ client, request });
    await setHold(client, ownerIn('held-meanwhile'), hold());
    const applying = deploy(client, request, undefined, { prepared, prepareAgain: async () => prepared });
    expect(await codesOf(applying)).toEqual(['formation-held']);
    expect(await levelIn('held-meanwhile')).toBe('two');
  });
});

describe('a deploy that has looked for a hold and prepares once more', () => {
  /** `meanwhile` happens after the first look under the lock, before the release is recorded. */
  const applying = async (namespace: string, meanwhile: () => Promise<unknown>): Promise<string[]> => {
    const request = requestFor(namespace, [configMap('settings', { level: 'four' })]);
    const prepared = await prepareRelease({ client, request });
    await push(namespace, 'three');
    const prepareAgain = async () => {
      await meanwhile();
      return await prepareRelease({ client, request });
    };
    return await codesOf(deploy(client, request, undefined, { prepared, prepareAgain }));
  };
  const afterwards = async (namespace: string): Promise<unknown[]> => [
    (await listReleases(client, ownerIn(namespace)))[0]?.number,
    await levelIn(namespace),
  ];

  it('is refused for one that was set since', async () => {
    await twoReleases('held-late');
    const codes = await applying('held-late', () => setHold(client, ownerIn('held-late'), hold()));
    expect(codes).toEqual(['formation-held']);
    expect(await afterwards('held-late')).toEqual([3, 'three']);
  });

  it('gives way to a rollback that asks for the lock, and records nothing', async () => {
    await twoReleases('asked-late');
    const lock = leaseReference(ownerIn('asked-late'));
    const wanted = { metadata: { annotations: { [LOCK_WANTED]: 'a rollback by bob#0123456789abcdef' } } };
    expect(await applying('asked-late', () => client.patch(lock, wanted))).toEqual(['deploy-superseded']);
    expect(await afterwards('asked-late')).toEqual([3, 'three']);
  });
});

const noted = (text: string | null): JsonObject => ({ metadata: { annotations: { [HOLD]: text } } });

describe('a rollback with a hold', () => {
  it('keeps what it restored until the hold is lifted, with the hold in its record', async () => {
    const release = await twoReleases('kept');
    const wanted = hold();
    const restored = await undoRelease({ ...undoing(release), hold: wanted });
    expect(restored.hold).toEqual(wanted);
    expect(await codesOf(push('kept', 'two'))).toEqual(['formation-held']);
    expect(await levelIn('kept')).toBe('one');
  });

  it('of the live release to itself does not say that it was bad', async () => {
    const release = await twoReleases('kept-same');
    await close(client, release);
    const restored = await undoRelease({ ...undoing(release), to: 2, hold: hold() });
    expect(restored).toMatchObject({ number: 3, restores: 2 });
    expect((await recordOf(client, 'kept-same', 2)).verdict).toBe('succeeded');
    expect(await levelIn('kept-same')).toBe('two');
    const back = await undoRelease({ ...undoing(restored), to: 1, hold: hold() });
    expect(back.restores).toBe(1);
    expect((await recordOf(client, 'kept-same', 3)).verdict).toBe('rolled-back');
  });

  it('goes further back while the formation is held, and the hold that ends later stays', async () => {
    await twoReleases('kept-twice');
    const audit = hold({ by: 'bob', until: inHours(48) });
    await setHold(client, ownerIn('kept-twice'), audit);
    const newest = await recordOf(client, 'kept-twice', 2);
    const restored = await undoRelease({ ...undoing(newest), hold: hold({ until: inHours(1) }) });
    expect(restored.hold).toEqual(audit);
    expect(await readHold(client, ownerIn('kept-twice'), clock())).toEqual({ state: 'held', hold: audit });
  });

  it('that is refused leaves the hold as it was', async () => {
    const release = await twoReleases('kept-not');
    expect(await codesOf(undoRelease({ ...undoing(release), to: 77, hold: hold() }))).toEqual([
      'record-missing',
    ]);
    expect(await stateIn('kept-not')).toBe('none');
    const audit = hold({ by: 'bob', until: inHours(1) });
    await setHold(client, ownerIn('kept-not'), audit);
    expect(await codesOf(undoRelease({ ...undoing(release), to: 77, hold: hold() }))).toEqual([
      'record-missing',
    ]);
    expect(await readHold(client, ownerIn('kept-not'), clock())).toEqual({ state: 'held', hold: audit });
  });

  it('of a release that failed sets none, and keeps one that there is', async () => {
    const release = await twoReleases('automatic');
    await rollBack(undoing(release));
    expect(await stateIn('automatic')).toBe('none');
    const again = await twoReleases('automatic-held');
    await setHold(client, ownerIn('automatic-held'), hold());
    const restored = await rollBack(undoing(again));
    expect(restored?.hold?.by).toBe('alice');
  });
});

describe('a hold that is lifted', () => {
  it('is lifted in the record too that a rollback makes meanwhile', async () => {
    const namespace = 'lifted-recorded';
    const release = await twoReleases(namespace);
    await setHold(client, ownerIn(namespace), hold());
    const racing: typeof client = {
      ...client,
      async delete(reference, options) {
        // The rollback has read the Lease, which is still there.
        await createRecord(client, release, number => ({ ...release, number, hold: hold() }));
        await client.delete(reference, options);
      },
    };
    await liftHold(racing, ownerIn(namespace));
    expect((await recordOf(client, namespace, 3)).hold).toBeUndefined();
  });

  it('does not return with a rollback that had found the release before', async () => {
    const namespace = 'lifted-found';
    await twoReleases(namespace);
    await setHold(client, ownerIn(namespace), hold({ by: 'bob' }));
    const found = await recordOf(client, namespace, 2);
    await liftHold(client, ownerIn(namespace));
    const wanted = hold({ until: inHours(1) });
    const restored = await undoRelease({ ...undoing(found), hold: wanted });
    expect(restored.hold).toEqual(wanted);
    expect(await readHold(client, ownerIn(namespace), clock())).toEqual({ state: 'held', hold: wanted });
  });
});

describe('a rollback of a release that failed', () => {
  it('keeps a hold that cannot be read, so that it is not taken for none', async () => {
    const namespace = 'automatic-unreadable';
    const release = await twoReleases(namespace);
    const unreadable = hold({ until: '2026-02-31T25:61:00Z' });
    await changeRecord(client, release, record => ({ ...record, hold: unreadable }));
    const restored = await rollBack(undoing(release));
    expect(restored?.hold).toEqual(unreadable);
    expect(await codesOf(push(namespace, 'three'))).toEqual(['hold-unreadable']);
  });
});

describe('a rollback that compares', () => {
  it('does not bring back a hold that is lifted meanwhile', async () => {
    const namespace = 'compares-lifted';
    await twoReleases(namespace);
    await setHold(client, ownerIn(namespace), hold());
    let isLifted = false;
    const around = (inner: typeof client): typeof client => ({
      ...inner,
      within: limit => around(inner.within(limit)),
      async list(query) {
        // The comparison begins once the records are read, before there is a new one.
        if (!isLifted && query.kind === 'ConfigMap') {
          isLifted = true;
          await liftHold(client, ownerIn(namespace));
        }
        return await inner.list(query);
      },
    });
    const newest = await recordOf(client, namespace, 2);
    const restored = await rollBack({ ...undoing(newest), client: around(client) });
    expect([isLifted, restored?.number, restored?.hold]).toEqual([true, 3, undefined]);
  });
});

describe('a rollback with a hold that waits for the lock', () => {
  /** Another run has the lock; `work` is what it does once a rollback asks for it. */
  const beside = async (
    namespace: string,
    release: Release,
    work: () => Promise<unknown>,
    changes: Partial<Parameters<typeof undoRelease>[0]> = {},
  ): Promise<Release> => {
    const owner = ownerIn(namespace);
    const held = Promise.withResolvers<void>();
    const other = withLock(
      { client, clock, signal: never, logger: silentLogger, owner, holder: 'a deploy', timeout: 5_000 },
      async () => {
        held.resolve();
        const wanted = async () =>
          annotationOf((await client.get(leaseReference(owner))) ?? NOTHING, LOCK_WANTED);
        await until(async () => (await wanted()) !== undefined);
        await work();
      },
    );
    await held.promise;
    const undone = undoRelease({ ...undoing(release), lockTimeout: 60_000, hold: hold(), ...changes });
    await Promise.all([undone, other].map(run => run.catch(() => {})));
    await other;
    return await undone;
  };
  /** What a deploy leaves that records its release before it gives way. */
  const recordLate = async (release: Release): Promise<void> => {
    const late = await createRecord(client, release, number => ({ ...release, number }));
    await closeRelease(client, late, 'failed', clock);
  };
  const breakRecord = (release: Release, number: number): Promise<unknown> =>
    client.patch(recordReference(release, number), { data: { release: 'YnJva2Vu' } });

  it('undoes the release too that a deploy recorded before it gave way, and stays held', async () => {
    const namespace = 'waits-overtaken';
    const release = await twoReleases(namespace);
    await closeRelease(client, release, 'succeeded', clock);
    const restored = await beside(namespace, release, () => recordLate(release));
    expect(restored).toMatchObject({ number: 4, rollbackOf: 3, restores: 1, hold: { by: 'alice' } });
    expect(await levelIn(namespace)).toBe('one');
    const releases = await listReleases(client, release);
    expect(releases.map(({ number, verdict }) => [number, verdict])).toEqual([
      ...[
        [4, undefined],
        [3, 'rolled-back'],
        [2, 'rolled-back'],
        [1, 'succeeded'],
      ],
    ]);
    expect(await codesOf(push(namespace, 'two'))).toEqual(['formation-held']);
  });

  it('removes what the release that it was to undo had added, although another one came after it', async () => {
    const namespace = await createNamespace(client, 'waits-added');
    const settings = (level: string) => configMap('settings', { level });
    const first = await deploy(client, requestFor(namespace, [settings('one')]));
    await closeRelease(client, first.release, 'succeeded', clock);
    const added = requestFor(namespace, [settings('two'), configMap('added', {})], { prune: 'off' });
    const { release } = await deploy(client, added);
    await beside(namespace, release, async () => {
      const objects = release.objects.filter(({ name }) => name !== 'added');
      const manifests = release.manifests.filter(
        manifest => valueAt(manifest as JsonObject, ['metadata', 'name']) !== 'added',
      );
      const late = await createRecord(client, release, number => ({
        ...release,
        number,
        objects,
        manifests,
      }));
      await closeRelease(client, late, 'failed', clock);
    });
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'added' };
    expect(await client.get(reference)).toBeUndefined();
  });

  it('is refused before it writes where the release that it was to undo cannot be read any more', async () => {
    const namespace = 'waits-broken';
    const release = await twoReleases(namespace);
    const undone = beside(namespace, release, async () => {
      await recordLate(release);
      await breakRecord(release, 2);
    });
    expect(await codesOf(undone)).toEqual(['record-broken']);
    expect((await listReleases(client, release))[0]?.number).toBe(3);
    expect(await levelIn(namespace)).toBe('two');
    expect(await stateIn(namespace)).toBe('none');
  });

  it('ends although a record between cannot be read, and says that it is not marked', async () => {
    const namespace = 'waits-between';
    const release = await twoReleases(namespace);
    const warnings: string[] = [];
    const logger = { ...silentLogger, warning: (text: string) => warnings.push(text) };
    const work = async (): Promise<void> => {
      await recordLate(release);
      await recordLate(release);
      await breakRecord(release, 3);
    };
    const restored = await beside(namespace, release, work, { logger });
    expect(restored).toMatchObject({ number: 5, rollbackOf: 4, restores: 1 });
    expect(warnings).toEqual([expect.stringMatching(/^Release 3 is not marked as rolled back: /)]);
    const verdicts = (await listReleases(client, release)).map(({ number, verdict }) => [number, verdict]);
    expect(verdicts).toContainEqual([2, 'rolled-back']);
    expect(verdicts).toContainEqual([4, 'rolled-back']);
  });

  it('keeps the longer hold that another sets meanwhile', async () => {
    const namespace = 'waits-longer';
    const release = await twoReleases(namespace);
    const audit = hold({ by: 'bob' });
    const ending = { hold: hold({ until: inHours(1) }) };
    const restored = await beside(
      namespace,
      release,
      () => setHold(client, ownerIn(namespace), audit),
      ending,
    );
    expect(restored.hold).toEqual(audit);
    expect(await readHold(client, ownerIn(namespace), clock())).toEqual({ state: 'held', hold: audit });
  });

  it('does not bring back the longer one that is lifted meanwhile', async () => {
    const namespace = 'waits-lifted';
    await twoReleases(namespace);
    await setHold(client, ownerIn(namespace), hold({ by: 'bob' }));
    const newest = await recordOf(client, namespace, 2);
    const wanted = hold({ until: inHours(1) });
    const lifting = () => liftHold(client, ownerIn(namespace));
    const restored = await beside(namespace, newest, lifting, { hold: wanted });
    expect(restored.hold).toEqual(wanted);
  });

  it('leaves the hold of another rollback where it gives up, even if both say the same', async () => {
    const namespace = 'waits-both';
    const release = await twoReleases(namespace);
    const owner = ownerIn(namespace);
    const notedNow = async () => annotationOf((await client.get(leaseIn(namespace))) ?? NOTHING, HOLD);
    const [abort, seen] = [new AbortController(), Promise.withResolvers<void>()];
    const warnings: string[] = [];
    const logger = {
      ...silentLogger,
      info: () => seen.resolve(),
      warning: (text: string) => warnings.push(text),
    };
    let codes: string[] = [];
    let kept: unknown;
    await withLock(
      { client, clock, signal: never, logger: silentLogger, owner, holder: 'a deploy', timeout: 5_000 },
      async () => {
        const first = undoRelease({
          ...{ ...undoing(release), lockTimeout: 60_000, hold: hold(), signal: abort.signal },
        }).catch(String);
        await until(async () => (await notedNow()) !== undefined);
        const second = codesOf(
          undoRelease({
            ...undoing(release),
            lockTimeout: 60_000,
            to: 77,
            hold: hold({ by: 'bob' }),
            logger,
          }),
        );
        await seen.promise;
        abort.abort();
        await first;
        kept = await notedNow();
        void second.then(found => {
          codes = found;
        });
      },
    );
    expect(kept).toContain('alice');
    await until(async () => codes.length > 0);
    expect(codes).toEqual(['record-missing']);
    // The second run put back what the first one has no run any more to take back.
    expect(await notedNow()).toContain('alice');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Nothing was rolled back, and shop\/staging has been held by "alice" .*lift-hold/,
      ),
    ]);
  });
});

describe('a rollback with a hold where there is one', () => {
  it('keeps the longer one that another sets between its look and its write', async () => {
    const namespace = 'races';
    const release = await twoReleases(namespace);
    const audit = hold({ by: 'bob' });
    let isFirst = true;
    const racing: typeof client = {
      ...client,
      create: async object => {
        if (isFirst && object.metadata.name === leaseIn(namespace).name) {
          isFirst = false;
          await setHold(client, ownerIn(namespace), audit);
        }
        return await client.create(object);
      },
    };
    const restored = await undoRelease({
      ...{ ...undoing(release), client: racing, hold: hold({ until: inHours(1) }) },
    });
    expect(isFirst).toBe(false);
    expect(restored.hold).toEqual(audit);
    expect(await readHold(client, ownerIn(namespace), clock())).toEqual({ state: 'held', hold: audit });
  });

  it('keeps the one of the record where the Lease cannot be read', async () => {
    const namespace = 'unreadable-recorded';
    await twoReleases(namespace);
    const audit = hold({ by: 'bob', until: inHours(48) });
    await setHold(client, ownerIn(namespace), audit);
    await client.patch(leaseIn(namespace), noted('until monday'));
    const newest = await recordOf(client, namespace, 2);
    const restored = await undoRelease({ ...undoing(newest), hold: hold({ until: inHours(1) }) });
    const { until: _, ...endless } = audit;
    expect(restored.hold).toEqual(endless);
  });

  it('stays where it is refused and it is not known what there was, which it says', async () => {
    const namespace = 'unreadable-refused';
    const release = await twoReleases(namespace);
    const { apiVersion, kind, ...named } = leaseIn(namespace);
    await client.create({ apiVersion, kind, metadata: { ...named, annotations: { [HOLD]: 'monday' } } });
    const warnings: string[] = [];
    const logger = { ...silentLogger, warning: (text: string) => warnings.push(text) };
    const refused = undoRelease({ ...undoing(release), to: 77, hold: hold(), logger });
    expect(await codesOf(refused)).toEqual(['record-missing']);
    expect(await stateIn(namespace)).toBe('held');
    expect(warnings).toEqual([
      expect.stringMatching(/^Nothing was rolled back, and shop\/staging has been held/),
    ]);
  });

  it('has no end where it is not known what there was', async () => {
    const namespace = 'unreadable-unknown';
    const release = await twoReleases(namespace);
    const { apiVersion, kind, ...named } = leaseIn(namespace);
    await client.create({ apiVersion, kind, metadata: { ...named, annotations: { [HOLD]: 'monday' } } });
    const { until: end, ...wanted } = hold({ until: inHours(1) });
    const restored = await undoRelease({ ...undoing(release), hold: { ...wanted, until: end ?? '' } });
    expect(restored.hold).toEqual(wanted);
  });
});

describe('a rollback by hand that fails once all is written', () => {
  it('has marked the release that it undoes, so that no later rollback goes back to it', async () => {
    const namespace = await createNamespace(client, 'written-failed');
    const settings = (level: string) => configMap('settings', { level });
    await close(client, (await deploy(client, requestFor(namespace, [settings('one')]))).release);
    const two = await deploy(client, requestFor(namespace, [settings('two'), configMap('added', {})]));
    await close(client, two.release);
    const refusing = (inner: typeof client): typeof client => ({
      ...inner,
      within: limit => refusing(inner.within(limit)),
      async delete(reference, options) {
        if (reference.name === 'added') throw refusedDelete();
        await inner.delete(reference, options);
      },
    });
    const undone = undoRelease({ ...undoing(two.release), client: refusing(client), hold: hold() });
    expect(await codesOf(undone)).toEqual(['cluster-refused']);
    expect(await levelIn(namespace)).toBe('one');
    expect((await recordOf(client, namespace, 2)).verdict).toBe('rolled-back');
  });

  const refusedDelete = () =>
    new SlipwayError({ code: 'cluster-refused', message: 'the API server refused', remedy: 'ask why' });
});

describe('a rollback with a hold, an answer to which is lost on the way', () => {
  /** The first request to write the object with this name arrives, and its connection is broken then. */
  const losing = async (namespace: string, method: string, name: string): Promise<typeof client> => {
    let isLost = false;
    const proxy = await holdingProxy(cluster.kubeconfig, async held => {
      const answer = await held.forward();
      const isOfNamespace = held.method === method && held.url.includes(`/namespaces/${namespace}/`);
      if (isLost || !isOfNamespace || !answer.body.includes(`"name":"${name}"`)) return held.answer(answer);
      isLost = true;
      held.break();
    });
    closing.push(() => {
      proxy.close();
      expect(isLost).toBe(true);
    });
    return await connect(proxy.kubeconfig);
  };
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  it('puts back the hold of before, and not its own', async () => {
    const namespace = 'lost-update';
    const release = await twoReleases(namespace);
    const audit = hold({ by: 'bob', until: inHours(1) });
    await setHold(client, ownerIn(namespace), audit);
    const lossy = await losing(namespace, 'PUT', 'slipway.shop.staging.hold');
    const refused = undoRelease({ ...undoing(release), client: lossy, to: 77, hold: hold() });
    expect(await codesOf(refused)).toEqual(['record-missing']);
    expect(await readHold(client, ownerIn(namespace), clock())).toEqual({ state: 'held', hold: audit });
  });

  it('knows that it has created it, and takes it away where it is refused', async () => {
    const namespace = 'lost-create';
    const release = await twoReleases(namespace);
    const lossy = await losing(namespace, 'POST', 'slipway.shop.staging.hold');
    const refused = undoRelease({ ...undoing(release), client: lossy, to: 77, hold: hold() });
    expect(await codesOf(refused)).toEqual(['record-missing']);
    expect(await stateIn(namespace)).toBe('none');
  });

  it('knows that it has recorded its release, and goes on', async () => {
    const namespace = 'lost-record';
    const release = await twoReleases(namespace);
    const lossy = await losing(namespace, 'POST', 'slipway.shop.staging.3');
    const restored = await undoRelease({ ...undoing(release), client: lossy, hold: hold() });
    expect(restored).toMatchObject({ number: 3, restores: 1, hold: { by: 'alice' } });
    expect(await levelIn(namespace)).toBe('one');
    expect(await stateIn(namespace)).toBe('held');
  });
});

describe('a hold that is set while the formation is removed', () => {
  /** Sets a hold before the first request to delete what `isMeant` says. */
  const removing = async (
    namespace: string,
    isMeant: (name: string) => boolean,
    logger: Logger = silentLogger,
  ): Promise<string[]> => {
    let isSet = false;
    const racing: typeof client = {
      ...client,
      within: () => racing,
      delete: async (reference, options) => {
        if (!isSet && isMeant(reference.name)) {
          isSet = true;
          await setHold(client, ownerIn(namespace), hold());
        }
        return await client.delete(reference, options);
      },
    };
    const codes = await codesOf(
      destroyFormation({
        ...{ client: racing, clock, signal: never, logger },
        ...{ identity: ownerIn(namespace), holder: 'a test', timeout: 5_000 },
      }),
    );
    expect(isSet).toBe(true);
    return codes;
  };

  const later = {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'later' } },
    spec: { ports: [{ port: 80 }] },
  };

  it('keeps the stages that are not removed yet', async () => {
    const namespace = await createNamespace(client, 'removed-half');
    await deploy(client, requestFor(namespace, [configMap('settings', { level: 'one' }), later]));
    expect(await removing(namespace, name => name === 'later')).toEqual(['formation-held']);
    expect(await levelIn(namespace)).toBe('one');
    await liftHold(client, ownerIn(namespace));
    await destroying(namespace);
    expect(await listReleases(client, ownerIn(namespace))).toEqual([]);
  });

  it('does not conceal what is removed already, which a rollback or a deploy creates again', async () => {
    const namespace = await createNamespace(client, 'removed-said');
    for (const level of ['one', 'two'])
      await close(
        client,
        (await deploy(client, requestFor(namespace, [configMap('settings', { level }), later]))).release,
      );
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    const logger = { ...silentLogger, info: say, warning: say };
    expect(await removing(namespace, name => name === 'later', logger)).toEqual(['formation-held']);
    expect(said).toEqual([
      `Service ${namespace}/later is deleted, or is being deleted`,
      expect.stringMatching(/^shop\/staging is removed in part, since 1 object had been deleted/),
    ]);
    const service = { apiVersion: 'v1', kind: 'Service', namespace, name: 'later' };
    expect(await client.get(service)).toBeUndefined();
    const restored = await undoRelease(undoing(await recordOf(client, namespace, 2)));
    expect([restored.restores, await levelIn(namespace)]).toEqual([1, 'one']);
    expect(await client.get(service)).toBeDefined();
  });

  it('refuses the next release where all was removed already', async () => {
    const namespace = await createNamespace(client, 'removed-all');
    await push(namespace, 'one');
    expect(await removing(namespace, name => name === 'settings')).toEqual([]);
    expect(await codesOf(push(namespace, 'two'))).toEqual(['formation-held']);
  });
});

const NOTHING = { apiVersion: 'v1', kind: 'None', metadata: { name: 'none' } };
