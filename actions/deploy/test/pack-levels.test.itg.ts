import { describe, expect, it } from '@jest/globals';
import { closeRelease, readRelease } from '@slipway/release';
import { useOpenCluster, workspaceFor } from './cluster.ts';
import { type Changes, deploy, errorsOf } from './fixture.ts';

const cluster = useOpenCluster();

const PACK = 'workloads/baseline';
const PROBE = 'workloads/readiness-probes: no container has a readiness probe';

/** Deploys with packs of the input and of the formation; the workload of the fixture has no probes. */
async function deployWith(namespace: string, packs: string, ofFormation = '') {
  const changes: Changes = {
    'formations/staging.yaml': text =>
      ofFormation === '' ? text : text.replace('spec:', `spec:\n  policies: {packs: [${ofFormation}]}`),
  };
  const workspace = await workspaceFor(cluster, namespace, { changes });
  return await deploy(workspace, { kubeconfig: cluster.kubeconfig, packs });
}

describe('what packs find', () => {
  it('refuses a release by default', async () => {
    const result = await deployWith('pack-error', PACK);
    expect(errorsOf(result).join('\n')).toContain(PROBE);
    expect(result.outputs['release']).toBeUndefined();
  });

  it.each(['warn', 'new'])('is told in the log and refuses nothing with the level %s', async level => {
    const result = await deployWith(`pack-${level}`, '', `${PACK}: ${level}`);
    expect([errorsOf(result), result.outputs['release']]).toEqual([[], '1']);
    expect(result.log).toContain(`warning: `);
    expect(result.log).toContain(PROBE);
  });

  it('refuses a release by the stricter level of the formation and the input', async () => {
    expect(errorsOf(await deployWith('pack-both', PACK, `${PACK}: warn`)).join('\n')).toContain(PROBE);
    expect(errorsOf(await deployWith('pack-both', `${PACK}: warn`, PACK)).join('\n')).toContain(PROBE);
  });

  it('is held against a rollback by the level that the release was deployed with', async () => {
    await deployWith('pack-rollback', '', `${PACK}: warn`);
    // A rollback goes back to what succeeded, which the pods of a busy machine may be too late for.
    const owner = { application: 'shop', formation: 'staging', namespace: 'pack-rollback' };
    const first = await readRelease(cluster.client, owner, 1);
    await closeRelease(cluster.client, first, 'succeeded', () => new Date());
    const changes: Changes = {
      'formations/staging.yaml': text => text.replace('spec:', `spec:\n  policies: {packs: [${PACK}: warn]}`),
      'stencils/api.yaml': text => text.replace('level: info', 'level: debug'),
    };
    const workspace = await workspaceFor(cluster, 'pack-rollback', { changes });
    const second = await deploy(workspace, { kubeconfig: cluster.kubeconfig });
    expect([errorsOf(second), second.outputs['release']]).toEqual([[], '2']);
    const restored = await deploy(workspace, { kubeconfig: cluster.kubeconfig, mode: 'rollback' });
    expect([errorsOf(restored), restored.outputs['release']]).toEqual([[], '3']);
  });

  it('is not asked for by a pack or a level that does not exist', async () => {
    expect(errorsOf(await deployWith('pack-wrong', 'workloads: wran'))).toEqual([
      expect.stringContaining('has the level "wran", which does not exist; did you mean "warn"?'),
    ]);
    expect(errorsOf(await deployWith('pack-wrong', 'worklods'))).toEqual([
      expect.stringContaining('there is no pack "worklods"; did you mean "workloads"?'),
    ]);
  });
});
