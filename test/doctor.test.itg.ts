import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Diagnosis } from '@slipway/core';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { checkoutFor, type SetupWorld, startSetupWorld } from './support/setup-world.ts';

const SETUP = 'slipway setup staging --apply --yes';
const ROLE = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', name: 'slipway-deployer' };

const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);
let world: SetupWorld;
beforeAll(async () => {
  world = await startSetupWorld(testbed.cluster.kubectl, testbed.cluster.kubeconfig);
});
afterAll(async () => {
  expect(world.github.problems).toEqual([]);
  await world.stop();
});

/** The checks of what `setup` creates: the clusters, the environments and the secret KUBECONFIG. */
async function doctor(folder: string, more: Readonly<Record<string, string>> = {}) {
  const { exitCode, printed } = await world.slipway(folder, ['doctor', 'staging', '--json'], more);
  const { checks } = JSON.parse(printed) as Diagnosis;
  const own = checks.filter(
    ({ area, what }) => ['cluster', 'github'].includes(area) || what.startsWith('secret KUBECONFIG '),
  );
  return { exitCode, checks, own };
}

const statesOf = (checks: Diagnosis['checks']): string[] => [
  ...new Set(checks.map(({ what, state }) => `${state} ${what.replace(/ \(.*/, '')}`)),
];

describe('slipway doctor', () => {
  it('names what setup creates as missing, and afterwards as fine, and what was taken away as missing again', async () => {
    const folder = checkoutFor('examined');
    await world.slipway(folder, ['workflows']);
    const before = await doctor(folder);
    expect(before.exitCode).toBe(1);
    expect(statesOf(before.own)).toEqual([
      'missing Namespace examined',
      'missing environment examined',
      'missing secret KUBECONFIG in the environment examined',
    ]);
    expect(new Set(before.own.map(({ fix }) => fix))).toEqual(new Set([SETUP]));

    expect((await world.slipway(folder, SETUP.split(' ').slice(1))).exitCode).toBe(0);
    const after = await doctor(folder);
    expect(statesOf(after.own)).toEqual([
      'fine Namespace examined',
      'fine rights in examined',
      'fine token of examined/slipway-deployer',
      'fine environment examined',
      'fine secret KUBECONFIG in the environment examined',
    ]);
    expect(after.checks.filter(({ area }) => area === 'machine').map(({ state }) => state)).toEqual(
      Array(4).fill('fine'),
    );

    await client.patch({ ...ROLE, namespace: 'examined' }, { rules: [] });
    world.github.state.environments.get('examined')?.secrets.clear();
    world.github.state.environments.get('examined')?.branches.splice(0);
    const { own, exitCode } = await doctor(folder);
    expect(exitCode).toBe(1);
    expect(statesOf(own)).toEqual([
      'fine Namespace examined',
      'missing rights in examined',
      'fine token of examined/slipway-deployer',
      'missing environment examined',
      'missing secret KUBECONFIG in the environment examined',
    ]);
  });

  it('knows when the tokens of kubeconfigs end that only read, and is not content with their secrets', async () => {
    const folder = checkoutFor('read');
    await world.slipway(folder, ['workflows']);
    const tokens = async () => (await doctor(folder)).own.filter(({ what }) => /^token of read\//.test(what));
    for (const purpose of ['status', 'plan']) {
      const args = ['setup', 'staging', '--for', purpose, '--apply', '--yes'];
      expect((await world.slipway(folder, args)).exitCode).toBe(0);
    }
    expect(statesOf(await tokens())).toEqual([
      'fine token of read/slipway-viewer',
      'fine token of read/slipway-planner',
    ]);
    for (const name of ['slipway-viewer', 'slipway-planner']) {
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'read', name };
      const { annotations = {} } = ((await client.get(account))?.['metadata'] ?? {}) as {
        annotations?: Record<string, string>;
      };
      const past = Object.entries(annotations).map(([key, note]) => [
        key,
        note.replace(/^\S+ \S+/, '2026-01-01T00:00:00Z 2026-01-02T00:00:00Z'),
      ]);
      await client.patch(account, { metadata: { annotations: Object.fromEntries(past) } });
    }
    for (const secrets of [
      world.github.state.secrets,
      world.github.state.environments.get('staging-plan')?.secrets ?? new Map(),
    ])
      for (const [name] of secrets) secrets.set(name, { sealed: '', updated: '2026-01-01T00:00:05Z' });
    expect(statesOf(await tokens())).toEqual([
      'advice token of read/slipway-viewer',
      'advice token of read/slipway-planner',
    ]);
    for (const { detail, fix } of await tokens()) {
      expect(detail).toBe('it expired on 2026-01-02 00:00 UTC; releases do without it');
      expect((await world.slipway(folder, String(fix).split(' ').slice(1))).exitCode).toBe(0);
    }
    expect(statesOf(await tokens())).toEqual([
      'fine token of read/slipway-viewer',
      'fine token of read/slipway-planner',
    ]);
  });

  it('calls not known what this user and this account may not look at', async () => {
    const { own, checks } = await doctor(checkoutFor('hidden'), {
      KUBECONFIG: await testbed.cluster.userKubeconfig('eve'),
      GH_ENTERPRISE_TOKEN: 'ghs_unknown',
    });
    expect(statesOf(own)).toEqual([
      'unknown Namespace hidden',
      'unknown rights in hidden',
      'unknown token of hidden/slipway-deployer',
      'unknown environments and secrets of github.testbed/acme/shop',
    ]);
    const login = checks.find(({ what }) => what === 'login of gh to github.testbed');
    expect([login?.state, login?.fix]).toEqual(['missing', 'gh auth login --hostname github.testbed']);
  });
});
