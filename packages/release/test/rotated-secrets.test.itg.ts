import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import {
  type JsonObject,
  type Logger,
  parseRecordKeys,
  type RecordedSecret,
  type Release,
  type Seal,
  silentLogger,
  valueAt,
} from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  forgetSecret,
  type OpenedSecrets,
  type ReadAgain,
  readRelease,
  rollBack,
  type Unseal,
  withRecordKeys,
} from '../src/index.ts';
import { clock, deployment, never, secretsWith } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const seal = (name: string, field: string, word: string): Seal => ({
  ...{ file: 'manifests/secret.yaml', document: 0, object: { apiVersion: 'v1', kind: 'Secret', name } },
  ...{ pointer: `/stringData/${field}`, standIn: `<${word}>`, word, placement: 'stringData' },
});

/** `database` is named by its content, and `plain`, which no pod template refers to, keeps its name. */
const SECRETS: readonly JsonObject[] = ['database', 'plain'].map(name => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData: { url: 'db://<password>@host', other: '<other>', literal: 'as it is' },
}));
const SEALS = ['database', 'plain'].flatMap(name => [
  seal(name, 'url', 'password'),
  seal(name, 'other', 'other'),
]);

const api = {
  ...deployment('api'),
  spec: {
    selector: { matchLabels: { app: 'api' } },
    template: {
      metadata: { labels: { app: 'api' } },
      spec: {
        containers: [
          { name: 'app', image: 'registry.example/app:1', envFrom: [{ secretRef: { name: 'database' } }] },
        ],
      },
    },
  },
};

type Values = Readonly<Record<string, string>>;

const filled =
  (values: Values): Unseal =>
  ({ stringData, ...secret }) => {
    const fill = (text: string): string =>
      Object.entries(values).reduce((filling, [word, value]) => filling.replace(`<${word}>`, value), text);
    const entries = Object.entries(stringData as JsonObject).map(([key, text]) => [key, fill(String(text))]);
    return { ...secret, stringData: Object.fromEntries(entries) };
  };

const recorded = (word: string, version: string): RecordedSecret => ({
  ...{ word, from: 'vault', address: 'kv/shop/db', version },
});

const opener = (values: Values, version: string) => async (): Promise<OpenedSecrets> => ({
  unseal: filled(values),
  versions: Object.keys(values).map(word => recorded(word, version)),
});

const again =
  (values: Values, version: string) =>
  async (release: Release): Promise<ReadAgain> => ({
    seals: release.seals.filter(({ word }) => Object.hasOwn(values, word)),
    fill: filled(values),
    versions: Object.keys(values).map(word => recorded(word, version)),
  });

async function released(namespace: string, values: Values, version: string): Promise<Release> {
  const request = requestFor(namespace, [...SECRETS, api], { seals: SEALS });
  const { release } = await deploy(client, request, opener(values, version));
  return await closeRelease(client, release, 'succeeded', clock);
}

const back = (release: Release, to: number) => ({
  ...{ client, clock, signal: never, logger: silentLogger, release, to },
  ...{ repository: 'acme/shop', actor: 'a', run: '', reason: 'x', lockTimeout: 5_000, timeout: 20_000 },
});

const undo = (release: Release, to: number, readAgain?: ReturnType<typeof again>) =>
  rollBack({ ...back(release, to), readAgain });

const forget = (
  release: Release,
  word = 'password',
  through: ClusterClient = client,
  logger: Logger = silentLogger,
) =>
  forgetSecret({
    ...{
      client: through,
      clock,
      signal: never,
      logger,
      word,
      holder: 'a test',
      timeout: 5_000,
    },
    identity: { ...release, repository: 'acme/shop' },
  });

const used = async (namespace: string): Promise<string> => {
  const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
  const path = ['spec', 'template', 'spec', 'containers', 0, 'envFrom', 0, 'secretRef', 'name'];
  return String(valueAt(live ?? {}, path));
};

/** Until no pod of an older version is left, and nothing makes one. */
const settled = async (namespace: string): Promise<void> => {
  const name = await used(namespace);
  await until(async () => {
    const lists = await Promise.all([
      client.list({ apiVersion: 'v1', kind: 'Pod', namespace }),
      client.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace }),
    ]);
    const starting = lists
      .flatMap(({ items }) => items)
      .filter(object => valueAt(object, ['spec', 'replicas']) !== 0);
    return starting.length > 0 && starting.every(object => JSON.stringify(object).includes(name));
  });
};

const content = async (namespace: string, name: string): Promise<Record<string, string>> => {
  const data = (await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }))?.['data'] ?? {};
  return Object.fromEntries(
    Object.entries(data as JsonObject).map(([key, text]) => [
      key,
      Buffer.from(String(text), 'base64').toString(),
    ]),
  );
};

const versionsOf = ({ secrets = [] }: Release): Record<string, string | undefined> =>
  Object.fromEntries(secrets.map(({ word, version }) => [word, version]));

describe('a rollback that reads a secret again', () => {
  it('writes what the store has, under the name of that content, and keeps the rest', async () => {
    const namespace = await createNamespace(client, 'rotated');
    await released(namespace, { password: 'first-password', other: 'first-other' }, '1');
    const one = await used(namespace);
    const second = await released(namespace, { password: 'second-password', other: 'second-other' }, '2');
    const restored = await undo(second, 1, again({ password: 'third-password' }, '3'));
    const three = await used(namespace);
    expect(three).toMatch(/^database-[0-9a-f]{10}$/);
    expect(three).not.toBe(one);
    const expected = { url: 'db://third-password@host', other: 'first-other', literal: 'as it is' };
    expect(await content(namespace, three)).toEqual(expected);
    expect(await content(namespace, 'plain')).toEqual(expected);
    const record = await readRelease(client, second, 3);
    expect(record).toMatchObject({ number: restored?.number, restores: 1 });
    expect(versionsOf(record)).toEqual({ password: '3', other: '1' });
    expect(JSON.stringify(record)).not.toMatch(/(?:first|second|third)-(?:password|other)/);
    expect(record.objects).toContainEqual(expect.objectContaining({ name: three, given: 'database' }));
  });

  it('leaves a release that can be restored again as it was, without any store', async () => {
    const namespace = await createNamespace(client, 'rotated-again');
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const second = await released(namespace, { password: 'second-password', other: 'same' }, '2');
    const restored = await undo(second, 1, again({ password: 'third-password' }, '3'));
    if (restored === undefined) throw new Error('nothing was restored');
    await closeRelease(client, restored, 'succeeded', clock);
    const three = await used(namespace);
    const fourth = await released(namespace, { password: 'fourth-password', other: 'same' }, '4');
    await undo(fourth, 3);
    expect(await used(namespace)).toBe(three);
    expect(await content(namespace, 'plain')).toMatchObject({ url: 'db://third-password@host' });
  });

  it('restarts nothing where the store still has what was kept', async () => {
    const namespace = await createNamespace(client, 'rotated-not');
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const one = await used(namespace);
    const second = await released(namespace, { password: 'second-password', other: 'same' }, '2');
    await undo(second, 1, again({ password: 'first-password' }, '1'));
    expect(await used(namespace)).toBe(one);
  });

  it('warns where no store can be read, as in verify-rollout, and restores what was kept', async () => {
    const namespace = await createNamespace(client, 'rotated-automatic');
    const values = { password: 'first-password', other: 'same' };
    const request = requestFor(namespace, [...SECRETS, api], { seals: SEALS });
    const opened = async (): Promise<OpenedSecrets> => ({
      unseal: filled(values),
      versions: [{ ...recorded('password', '1'), onRollback: 'current' }, recorded('other', '1')],
    });
    const { release: first } = await deploy(client, request, opened);
    await closeRelease(client, first, 'succeeded', clock);
    const { release: second } = await deploy(client, { ...request, reason: 'again' }, opened);
    const warnings: string[] = [];
    const logger = { ...silentLogger, warning: (text: string) => void warnings.push(text) };
    await rollBack({ ...back(second, 1), logger });
    expect(warnings).toEqual([
      expect.stringMatching(/^This step reads no store, so that release 1 gets secret\.password as kept, /),
    ]);
    expect((await readRelease(client, second, 3)).secrets).toHaveLength(2);
  });

  it('needs no kept copy of a Secret of which every secret is read', async () => {
    const namespace = await createNamespace(client, 'rotated-whole');
    const first = await released(namespace, { password: 'first-password', other: 'first-other' }, '1');
    const second = await released(namespace, { password: 'second-password', other: 'second-other' }, '2');
    await settled(namespace);
    await forget(second);
    expect(await secretsWith(client, namespace, 'first-password')).toEqual([]);
    await expect(undo(second, 1, again({ password: 'third-password' }, '3'))).rejects.toMatchObject({
      code: 'secret-copy-forgotten',
    });
    const both = { password: 'third-password', other: 'third-other' };
    await undo(second, first.number, again(both, '3'));
    const expected = { url: 'db://third-password@host', other: 'third-other', literal: 'as it is' };
    expect(await content(namespace, await used(namespace))).toEqual(expected);
  });
});

describe('forgetting a secret', () => {
  it('removes every old value and nothing of the live one, and a rollback says so', async () => {
    const namespace = await createNamespace(client, 'forgotten');
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const one = await used(namespace);
    await released(namespace, { password: 'second-password', other: 'same' }, '2');
    const third = await released(namespace, { password: 'third-password', other: 'same' }, '3');
    await settled(namespace);
    const { removed, left, problems } = await forget(third);
    expect(problems).toEqual([]);
    expect(removed.map(({ releases }) => releases).sort()).toEqual([[1], [1], [2], [2]]);
    expect(removed.map(({ object }) => object.name)).toContain(one);
    expect(removed[0]?.words).toEqual(['other', 'password']);
    expect(left.map(({ releases, why }) => [releases, why])).toEqual([
      [[3], 'it is of release 3, which is live'],
      [[3], 'it is of release 3, which is live'],
    ]);
    for (const old of ['first-password', 'second-password'])
      expect(await secretsWith(client, namespace, old)).toEqual([]);
    expect(await secretsWith(client, namespace, 'third-password')).toHaveLength(3);
    const { secrets } = await readRelease(client, third, 1);
    expect(secrets?.map(({ word, forgotten }) => [word, forgotten !== undefined])).toEqual([
      ['password', true],
      ['other', true],
    ]);
    await expect(undo(third, 1)).rejects.toThrow(
      /^release 1 cannot be restored: the kept copy of Secret \S+, with secret\.other, secret\.password, was removed by "mode: forget" at /,
    );
    expect(await used(namespace)).not.toBe(one);
  });

  it('is done once it was done', async () => {
    const namespace = await createNamespace(client, 'forgotten-twice');
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const second = await released(namespace, { password: 'second-password', other: 'same' }, '2');
    await settled(namespace);
    await forget(second);
    const before = (await readRelease(client, second, 1)).secrets;
    expect(await forget(second)).toMatchObject({ removed: [], problems: [] });
    expect((await readRelease(client, second, 1)).secrets).toEqual(before);
  });

  it('does not say that it forgot what someone else has deleted', async () => {
    const namespace = await createNamespace(client, 'forgotten-deleted');
    const first = await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const one = await used(namespace);
    const second = await released(namespace, { password: 'second-password', other: 'same' }, '2');
    await settled(namespace);
    for (const name of await secretsWith(client, namespace, 'first-password'))
      await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name });
    const { removed, missing, problems } = await forget(second);
    expect([removed, problems]).toEqual([[], []]);
    expect(missing.map(({ object }) => object.name)).toContain(one);
    const { secrets } = await readRelease(client, first, 1);
    expect(secrets?.some(({ forgotten }) => forgotten !== undefined)).toBe(false);
    await expect(undo(second, 1)).rejects.toMatchObject({ code: 'secret-copy-missing' });
  });

  it('warns that a release without a verdict cannot be rolled back to what is forgotten', async () => {
    const namespace = await createNamespace(client, 'forgotten-open');
    const request = requestFor(namespace, [...SECRETS, api], { seals: SEALS });
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const values = { password: 'second-password', other: 'same' };
    const { release } = await deploy(client, request, opener(values, '2'));
    await settled(namespace);
    const warnings: string[] = [];
    const logger = { ...silentLogger, warning: (text: string) => void warnings.push(text) };
    const { removed } = await forget(release, 'password', client, logger);
    expect(removed).toHaveLength(2);
    expect(warnings).toEqual([
      'Release 2 has no verdict yet, and cannot be rolled back to release 1 any more, whose secret.password is forgotten: verify it before a secret is forgotten, or fix what fails by another release',
    ]);
  });

  it('is refused while the value is live, and changes nothing', async () => {
    const namespace = await createNamespace(client, 'forgotten-live');
    await released(namespace, { password: 'same-password', other: 'first' }, '1');
    const second = await released(namespace, { password: 'same-password', other: 'second' }, '1');
    await expect(forget(second)).rejects.toMatchObject({ code: 'secret-not-rotated' });
    expect((await readRelease(client, second, 1)).secrets).toHaveLength(2);
    expect(await secretsWith(client, namespace, 'same-password')).toHaveLength(5);
  });

  it('is refused after a rollback that restored it, as the newer value is not the live one', async () => {
    const namespace = await createNamespace(client, 'forgotten-restored');
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const second = await released(namespace, { password: 'second-password', other: 'same' }, '2');
    const restored = await undo(second, 1);
    if (restored === undefined) throw new Error('nothing was restored');
    await expect(forget(restored)).rejects.toThrow(
      /^nothing was removed: release 3, which is live, is a rollback and has secret\.password as release 1 had it/,
    );
    expect(await secretsWith(client, namespace, 'second-password')).not.toEqual([]);
  });

  it('is refused for a word that no release has, with the one that is meant', async () => {
    const namespace = await createNamespace(client, 'forgotten-unknown');
    const first = await released(namespace, { password: 'a-password', other: 'same' }, '1');
    await expect(forget(first, 'pasword')).rejects.toThrow(
      /^no kept release of shop\/staging has the secret "pasword"; did you mean "password"\?/,
    );
  });

  it('leaves what pods still refer to, and says so', async () => {
    const namespace = await createNamespace(client, 'forgotten-used');
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const one = await used(namespace);
    const second = await released(namespace, { password: 'second-password', other: 'same' }, '2');
    await client.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: 'late' },
      spec: {
        containers: [
          { name: 'app', image: 'registry.example/app:1', envFrom: [{ secretRef: { name: one } }] },
        ],
      },
    });
    const { removed, problems } = await forget(second);
    expect(removed).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'secret-copy-left' }]);
    expect(problems[0]?.message).toMatch(
      /which has an old value of secret\.password, is left: pods still refer to it$/,
    );
    expect(await secretsWith(client, namespace, 'first-password')).toEqual([one]);
    // What is left can still be restored.
    expect((await readRelease(client, second, 1)).secrets?.some(({ forgotten }) => forgotten)).toBe(true);
  });

  it('signs what it notes, where records are signed', async () => {
    const keys = parseRecordKeys('bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=');
    const signing = withRecordKeys(client, keys && { keys });
    const namespace = await createNamespace(client, 'forgotten-signed');
    const request = requestFor(namespace, [...SECRETS, api], { seals: SEALS });
    const one = await deploy(signing, request, opener({ password: 'first-password', other: 'same' }, '1'));
    await closeRelease(signing, one.release, 'succeeded', clock);
    const two = await deploy(signing, request, opener({ password: 'second-password', other: 'same' }, '2'));
    await settled(namespace);
    const { removed, problems } = await forget(two.release, 'password', signing);
    expect([removed.length, problems]).toEqual([2, []]);
    const { secrets } = await readRelease(signing, two.release, 1);
    expect(secrets?.every(({ forgotten }) => forgotten !== undefined)).toBe(true);
  });

  it('finds the copies of a release whose record is gone', async () => {
    const namespace = await createNamespace(client, 'forgotten-lost');
    await released(namespace, { password: 'first-password', other: 'same' }, '1');
    const second = await released(namespace, { password: 'second-password', other: 'same' }, '2');
    await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'slipway.shop.staging.1' });
    await settled(namespace);
    const { removed, problems } = await forget(second);
    expect(problems).toEqual([]);
    expect(removed.map(({ releases }) => releases)).toEqual([[], []]);
    expect(await secretsWith(client, namespace, 'first-password')).toEqual([]);
  });
});
