import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, type Release, textMap } from '@slipway/core';
import { type RunningVault, startVault } from '@slipway/testbed';
import { runStep, type StepResult } from '@slipway/testbed/runner';
import { recordText, useOpenCluster, workspaceFor } from './cluster.ts';
import { deploy, errorsOf, FILES, usedSecret, type Workspace } from './fixture.ts';
import { leaksIn, leakyIn } from './shown-secrets.ts';

const CONFIG = (onRollback: string): string => `
apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.*.database.password": {from: vault, path: kv/shop/database, key: password, on-rollback: ${onRollback}}
    "*.*.api.key": {from: vault, path: kv/shop/api, key: key}
    "*.*.token": {from: env, name: TOKEN}
`;

const STENCILS = `${FILES['stencils/api.yaml']}---
apiVersion: v1
kind: Secret
metadata: {name: api}
stringData: {key: "\${secret.api.key}", token: "\${secret.token}"}
`;

const cluster = useOpenCluster();
const { client } = cluster;
let vault: RunningVault;
let token: string;

beforeAll(async () => {
  vault = await startVault({ tls: true });
  await vault.request('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '2' } });
  await vault.request('PUT', 'sys/policies/acl/shop', {
    policy: 'path "kv/data/shop/*" { capabilities = ["read"] }',
  });
  const { auth } = await vault.request('POST', 'auth/token/create', { policies: ['shop'], ttl: '1h' });
  token = String(auth?.client_token);
});

afterAll(async () => {
  await vault?.stop();
});

/** Values are of one form, so that a leak is found however they are called. */
const rotate = async (round: string): Promise<void> => {
  await vault.request('POST', 'kv/data/shop/database', { data: { password: `leaky-password-${round}` } });
  await vault.request('POST', 'kv/data/shop/api', { data: { key: `leaky-key-${round}` } });
};

const checkout = (namespace: string, onRollback = 'current'): Promise<Workspace> =>
  workspaceFor(cluster, namespace, {
    files: { 'config/database.yaml': CONFIG(onRollback), 'stencils/api.yaml': STENCILS },
  });

const access = (): Record<string, string> => ({
  kubeconfig: cluster.kubeconfig,
  secrets: 'vault=kv/shop/*\nenv=TOKEN',
  'vault-address': vault.address,
  'vault-ca': vault.certificateAuthority,
});

const apply = (workspace: Workspace, round: string): Promise<StepResult> =>
  deploy(workspace, access(), { VAULT_TOKEN: token, TOKEN: `leaky-token-${round}` });

const inMode = (
  workspace: Workspace,
  mode: string,
  inputs: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = { VAULT_TOKEN: token },
): Promise<StepResult> =>
  deploy({ ...workspace, manifests: '', digest: '' }, { ...access(), mode, ...inputs }, environment);

const verify = ({ job }: Workspace, release = ''): Promise<StepResult> =>
  runStep(job, {
    action: resolve(import.meta.dirname, '../../verify-rollout'),
    inputs: { kubeconfig: cluster.kubeconfig, release, formation: 'staging', 'stable-for': '0s' },
    environment: {},
  });

async function released(workspace: Workspace, round: string): Promise<void> {
  await rotate(round);
  const result = await apply(workspace, round);
  expect(errorsOf(result)).toEqual([]);
  const verified = await verify(workspace, result.outputs['release'] ?? '');
  expect(errorsOf(verified)).toEqual([]);
  expect(await leaksIn(result)).toEqual([]);
}

const recordOf = async (namespace: string, number: number): Promise<Release> =>
  JSON.parse(await recordText(client, namespace, number)) as Release;

async function secretIn(namespace: string, name: string): Promise<Record<string, string>> {
  const secret =
    name === 'database'
      ? await usedSecret(client, namespace)
      : await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const data = textMap(isJsonObject(secret?.['data']) ? secret['data'] : null);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

/** Every Secret of a namespace that has a text. */
async function holders(namespace: string, text: string): Promise<string[]> {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Secret', namespace });
  return items
    .filter(({ data }) =>
      Object.values(textMap(isJsonObject(data) ? data : null)).some(value =>
        Buffer.from(value, 'base64').includes(text),
      ),
    )
    .map(({ metadata }) => metadata.name);
}

describe('a rollback over secrets that were rotated', () => {
  it('reads what is current from Vault, restores the rest, and says which versions', async () => {
    const namespace = 'rotated-current';
    const workspace = await checkout(namespace);
    await released(workspace, 'one');
    await released(workspace, 'two');
    const [first] = [await recordOf(namespace, 1)];
    expect(first.secrets).toContainEqual(
      expect.objectContaining({
        word: 'database.password',
        from: 'vault',
        version: '1',
        onRollback: 'current',
      }),
    );
    expect(first.secrets).toContainEqual({
      ...{ word: 'token', from: 'env', address: 'TOKEN', read: expect.any(String) },
    });
    await rotate('three');
    const undone = await inMode(workspace, 'rollback', { reason: 'it fails' });
    expect(errorsOf(undone)).toEqual([]);
    expect(undone.log).toContain('1 secret is read from the store, and not restored: database.password');
    for (const shown of [undone.log, undone.summary]) {
      expect(shown).toMatch(
        /database\.password: version 3 of less than an hour ago, which its store has now/,
      );
      expect(shown).toMatch(/api\.key: version 1 of less than an hour ago, and the store has a newer one/);
      expect(shown).toMatch(/token: of a version that is not known, and what its store has now is not known/);
    }
    expect(await secretIn(namespace, 'database')).toEqual({
      url: expect.stringContaining('leaky-password-three'),
    });
    expect(await secretIn(namespace, 'api')).toEqual({ key: 'leaky-key-one', token: 'leaky-token-one' });
    const verified = await verify(workspace, '3');
    expect(errorsOf(verified)).toEqual([]);
    const record = await recordOf(namespace, 3);
    expect(record).toMatchObject({ verdict: 'succeeded', restores: 1, rollbackOf: 2 });
    expect(Object.fromEntries((record.secrets ?? []).map(({ word, version }) => [word, version]))).toEqual({
      'database.password': '3',
      'api.key': '1',
      token: undefined,
    });
    expect(leakyIn(await recordText(client, namespace, 3))).toEqual([]);
    for (const step of [undone, verified]) expect(await leaksIn(step)).toEqual([]);
  });

  it('restores what was kept, with a warning, where the store does not answer or may not be read', async () => {
    const namespace = 'rotated-closed';
    const workspace = await checkout(namespace);
    await released(workspace, 'four');
    await released(workspace, 'five');
    const closed = await inMode(workspace, 'rollback', { 'vault-address': 'https://127.0.0.1:1' });
    expect(errorsOf(closed)).toEqual([]);
    expect(closed.log).toMatch(
      /secret\.database\.password was not read from its store, and release 1 gets it as kept: Vault at https:\/\/127\.0\.0\.1:1 does not answer/,
    );
    expect(await secretIn(namespace, 'database')).toEqual({
      url: expect.stringContaining('leaky-password-four'),
    });
    const refused = await inMode(workspace, 'rollback', { to: '2', secrets: 'env=TOKEN' });
    expect(errorsOf(refused)).toEqual([]);
    expect(refused.log).toMatch(
      /release 2 gets it as kept: .*deploy may not read "vault=kv\/shop\/database"/,
    );
    for (const step of [closed, refused]) expect(await leaksIn(step)).toEqual([]);
  });

  it('is refused once a copy was forgotten and its secret is kept, and works where it is current', async () => {
    const namespace = 'rotated-forgotten';
    const workspace = await checkout(namespace, 'kept');
    await released(workspace, 'six');
    await released(workspace, 'seven');
    const unconfirmed = await inMode(workspace, 'forget', { word: 'database.password', confirm: 'shop' });
    expect(unconfirmed.outputs['error']).toBe('confirmation-missing');
    const confirm = 'shop/staging';
    const typo = await inMode(workspace, 'forget', { word: 'database.pasword', confirm });
    expect(errorsOf(typo)).toEqual([expect.stringContaining('did you mean "database.password"?')]);
    const forgotten = await inMode(workspace, 'forget', { word: 'database.password', confirm });
    expect(errorsOf(forgotten)).toEqual([]);
    expect(forgotten.log).toMatch(/Secret rotated-forgotten\/database-[0-9a-f]{10} of release 1 was removed/);
    expect(forgotten.log).toMatch(/of release 2 is left: it is of release 2, which is live/);
    expect(forgotten.summary).toContain('1 was removed');
    expect(await holders(namespace, 'leaky-password-six')).toEqual([]);
    expect(await holders(namespace, 'leaky-key-six')).not.toEqual([]);
    const again = await inMode(workspace, 'forget', { word: 'database.password', confirm });
    expect(again.log).toMatch(
      /^warning: Nothing was forgotten: secret\.database\.password of shop\/staging/m,
    );
    const refused = await inMode(workspace, 'rollback', { to: '1' });
    expect(refused.outputs['error']).toBe('secret-copy-forgotten');
    expect(await secretIn(namespace, 'database')).toEqual({
      url: expect.stringContaining('leaky-password-seven'),
    });
    const current = await checkout(namespace);
    const restored = await inMode(current, 'rollback', { to: '1' });
    expect(errorsOf(restored)).toEqual([]);
    expect(await secretIn(namespace, 'database')).toEqual({
      url: expect.stringContaining('leaky-password-seven'),
    });
    expect(await secretIn(namespace, 'api')).toMatchObject({ key: 'leaky-key-six' });
    for (const step of [forgotten, refused, restored]) expect(await leaksIn(step)).toEqual([]);
  });
});
