import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listReleases, readRelease } from '@slipway/release';
import { runStep } from '@slipway/testbed/runner';
import { useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, WITH_ENDLESS_STAGE, type Workspace } from './fixture.ts';

const ACTION = resolve(import.meta.dirname, '..');

const cluster = useOpenCluster();
const { client, testbed } = cluster;

const stuck = async (namespace: string): Promise<Workspace> => {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return await makeWorkspace({ directory: testbed.directory, namespace, changes: WITH_ENDLESS_STAGE });
};

/** Runs the step with the post step after it, as the runner does. */
const postOf = (workspace: Workspace, earlier: Awaited<ReturnType<typeof deploy>>) =>
  runStep(workspace.job, {
    action: ACTION,
    inputs: {
      manifests: workspace.manifests,
      secrets: 'env=DATABASE_PASSWORD',
      kubeconfig: cluster.kubeconfig,
    },
    postOf: earlier,
  });

describe('the post step', () => {
  it('closes the record of a run that was killed, with what it had written', async () => {
    const namespace = 'post-killed';
    const workspace = await stuck(namespace);
    const kill = new AbortController();
    const killed = await deploy(workspace, { kubeconfig: cluster.kubeconfig }, undefined, {
      signal: kill.signal,
      onLine: line => {
        // The stage is written, and waited for.
        if (line.includes('Deployment api: ')) kill.abort('SIGKILL');
      },
    });
    expect(killed.outputs['release']).toBe('1');
    const owner = { application: 'shop', formation: 'staging', namespace };
    expect(await listReleases(client, owner)).toMatchObject([{ number: 1, verdict: undefined }]);
    const ended = await postOf(workspace, killed);
    expect(errorsOf(ended)).toEqual([]);
    expect(ended.log).toContain('Release 1 was not fully written, and is closed as failed');
    const record = await readRelease(client, owner, 1);
    expect(record.verdict).toBe('failed');
    expect(record.objects.find(({ kind }) => kind === 'Deployment')).toMatchObject({ written: true });
  });

  it('does nothing after a run that came to its end, whatever that was', async () => {
    const workspace = await makeWorkspace({ directory: testbed.directory, namespace: 'post-done' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'post-done' } });
    const done = await deploy(workspace, { kubeconfig: cluster.kubeconfig });
    expect(errorsOf(done)).toEqual([]);
    const ended = await postOf(workspace, { ...done, state: { ...done.state } });
    expect(ended.exitCode).toBe(0);
    expect(ended.raw).toBe('');
    const owner = { application: 'shop', formation: 'staging', namespace: 'post-done' };
    expect(await listReleases(client, owner)).toMatchObject([{ number: 1, verdict: undefined }]);
  });
});
