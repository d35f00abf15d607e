import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseStatus } from '@slipway/core';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { readRole } from '../actions/deploy/test/roles.ts';
import { fencedNamespace, files, open, prepared, spawned } from './support/instances.ts';
import { useSteps } from './support/use-steps.ts';

const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);
const { github, step } = useSteps();
let spawner = '';
let viewer = '';

beforeAll(async () => {
  spawner = await testbed.cluster.userKubeconfig('spawner');
  viewer = await testbed.cluster.userKubeconfig('viewer');
});

const LEASES = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
const ROLE = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', name: 'slipway-viewer' };

/** Without a registry no one knows whether staging was there before. It is all that is wrong with the look. */
const UNRELEASED = ['1 of 1 destinations could not be seen as a whole: staging/main'];

/** A namespace with the instances of pull requests 1 and 12, and the base of the repository. */
async function withTwo(name: string) {
  const namespace = await fencedNamespace(client, name);
  for (const object of await readRole('viewer', namespace)) await client.create(object);
  const hub = await github({ pulls: [open(1), open(12)] });
  for (const key of ['1', '12']) {
    const tree = await prepared(files(namespace), key);
    const ran = await step('deploy', tree, hub, { inputs: spawned(tree, key, spawner) });
    expect(ran.messages).toEqual([]);
  }
  return { namespace, hub, base: await prepared(files(namespace), undefined) };
}

describe('the instances of a spawned formation', () => {
  it('are seen with the Role of the viewer, and count in no state', async () => {
    const { namespace, hub, base } = await withTwo('seen');
    const looked = await step('deploy', base, hub, { inputs: { mode: 'status', kubeconfig: viewer } });
    expect(looked.messages).toEqual(UNRELEASED);
    const status = parseStatus(await readFile(looked.outputs['status'] ?? '', 'utf8'), 'status.json');
    expect(status.destinations.map(({ formation }) => formation)).toEqual(['staging']);
    expect(status.instances).toMatchObject([
      {
        ...{ formation: 'preview', destination: 'dev', namespace, atMost: 3 },
        instances: [
          { instance: 'preview-1', key: '1', pull: 1, repository: 'acme/shop', live: { release: 1 } },
          { instance: 'preview-12', key: '12', pull: 12, url: 'https://pr-12.preview.acme.io' },
        ],
      },
    ]);
    expect(looked.log.join('\n')).toMatch(/preview-1: of pull request 1, release 1 \(pr-1-v1\) open, until /);
    expect(looked.summary).toContain('2 instances of at most 3');

    const only = { mode: 'status', kubeconfig: viewer, formation: 'preview' };
    const instances = await step('deploy', base, hub, { inputs: only });
    expect([instances.messages, instances.outputs['state']]).toEqual([[], 'fine']);
    const one = await step('deploy', base, hub, { inputs: { ...only, spawn: '12' } });
    expect(one.log.join('\n')).toContain('preview-12/dev release 1');
  });

  it('are not known without the right to list Leases, and the rest is shown', async () => {
    const { namespace, hub, base } = await withTwo('unseen');
    const rules = ((await client.get({ ...ROLE, namespace }))?.['rules'] ?? []) as { resources: string[] }[];
    const others = rules.filter(({ resources }) => !resources.includes('leases'));
    await client.patch({ ...ROLE, namespace }, {
      rules: [...others, { ...LEASES, verbs: ['get'] }],
    } as never);
    const looked = await step('deploy', base, hub, { inputs: { mode: 'status', kubeconfig: viewer } });
    expect(looked.messages).toEqual(UNRELEASED);
    const status = parseStatus(await readFile(looked.outputs['status'] ?? '', 'utf8'), 'status.json');
    expect([status.destinations.length, status.instances?.[0]?.instances]).toEqual([1, undefined]);
    expect(status.instances?.[0]?.unknown?.join()).toContain('leases');
    expect(looked.log.join('\n')).toContain('which instances there are is not known');
    const only = { mode: 'status', kubeconfig: viewer, formation: 'preview' };
    const failed = await step('deploy', base, hub, { inputs: only });
    expect([failed.codes, failed.outputs['state']]).toEqual([['status-unknown'], 'unknown']);
  });

  it('have their releases listed, and what is not understood is named', async () => {
    const { namespace, hub, base } = await withTwo('listed');
    const inputs = { mode: 'releases', kubeconfig: spawner };
    const listed = await step('deploy', base, hub, { inputs });
    expect(listed.messages).toEqual([]);
    const log = listed.log.join('\n');
    for (const name of ['staging/main', 'preview-1/dev', 'preview-12/dev'])
      expect(log).toContain(`${name}, namespace ${namespace}:`);
    expect(log.match(/1 open pr-1-v1 /g)).toHaveLength(2);

    const refused = await step('deploy', base, hub, { inputs: { ...inputs, kubeconfig: viewer } });
    expect(new Set(refused.codes)).toEqual(new Set(['cluster-forbidden']));
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace };
    const name = 'slipway.shop.preview-1.room';
    await client.patch({ ...lease, name }, { metadata: { annotations: { 'slipway.dev/room': '{' } } });
    const broken = await step('deploy', base, hub, { inputs: { ...inputs, formation: 'preview' } });
    expect(broken.codes).toEqual(['room-broken']);
    expect(broken.log.join('\n')).toContain('preview-12/dev, namespace');
    const looked = await step('deploy', base, hub, { inputs: { mode: 'status', kubeconfig: viewer } });
    expect(looked.log.join('\n')).toContain(`${name}: a Lease that does not say for whom it keeps room`);
  });

  it('are zero where no one has one', async () => {
    const namespace = await fencedNamespace(client, 'none-seen');
    for (const object of await readRole('viewer', namespace)) await client.create(object);
    const base = await prepared(files(namespace), undefined);
    const hub = await github({});
    const looked = await step('deploy', base, hub, { inputs: { mode: 'status', kubeconfig: viewer } });
    expect(looked.log.join('\n')).toContain('preview/dev, namespace none-seen: 0 instances of at most 3');
    const inputs = { mode: 'releases', kubeconfig: spawner, formation: 'preview' };
    const listed = await step('deploy', base, hub, { inputs });
    expect(listed.messages).toEqual([]);
  });
});
