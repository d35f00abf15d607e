import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_KUBERNETES, KUBERNETES_VERSIONS, startTestbed, type Testbed } from '../src/index.ts';

const run = promisify(execFile);

describe('the control plane', () => {
  let testbed: Testbed;

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['cluster'], nodes: 7 });
  }, 600_000);

  afterAll(async () => {
    await testbed.stop();
  });

  async function kubectl(kubeconfig: string | undefined, ...args: string[]): Promise<string> {
    const { stdout } = await run(testbed.cluster?.kubectl ?? '', ['--kubeconfig', kubeconfig ?? '', ...args]);
    return stdout;
  }

  const admin = () => testbed.cluster?.kubeconfig;

  it('is of the pinned Kubernetes version', async () => {
    const version = JSON.parse(await kubectl(admin(), 'version', '-o', 'json')) as {
      serverVersion: { gitVersion: string };
    };
    expect(version.serverVersion.gitVersion).toBe(`v${KUBERNETES_VERSIONS[DEFAULT_KUBERNETES]}`);
  });

  it('has as many Ready nodes as it was asked for', async () => {
    const nodes = (await kubectl(admin(), 'get', 'nodes', '--no-headers')).trim().split('\n');
    expect(nodes).toHaveLength(7);
    expect(nodes.every(line => /\bReady\b/.test(line))).toBe(true);
  });

  it('has a kubeconfig that only its owner reads, with one context', async () => {
    const path = admin() ?? '';
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toMatch(/^current-context: testbed$/m);
  });

  it('makes a Deployment available', async () => {
    await kubectl(admin(), 'create', 'deployment', 'web', '--image=web:1', '--replicas=5');
    await kubectl(admin(), 'rollout', 'status', 'deployment/web', '--timeout=20s');
    expect(
      await kubectl(admin(), 'get', 'deployment', 'web', '-o', 'jsonpath={.status.availableReplicas}'),
    ).toBe('5');
  });

  it('knows a user who has no right until RBAC gives one', async () => {
    const user = await testbed.cluster?.userKubeconfig('jane/developer', ['developers']);
    await expect(kubectl(user, 'get', 'pods')).rejects.toThrow('pods is forbidden: User "jane/developer"');
    await kubectl(
      admin(),
      'create',
      'clusterrolebinding',
      'view',
      '--clusterrole=view',
      '--group=developers',
    );
    expect(await kubectl(user, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe(
      'jane/developer',
    );
    expect(await kubectl(user, 'get', 'pods', '-o', 'name')).toContain('pod/web-');
  });
});

describe("a cluster of the user's own", () => {
  let own: Testbed;

  beforeAll(async () => {
    own = await startTestbed({ parts: ['cluster'] });
  });

  afterAll(async () => {
    await own.stop();
  });

  it('is used as it is, and left as it is', async () => {
    const kubeconfig = own.cluster?.kubeconfig ?? '';
    const testbed = await startTestbed({ parts: ['cluster'], use: { kubeconfig } });
    expect(testbed.cluster).toMatchObject({ kubeconfig, server: own.cluster?.server });
    await expect(testbed.cluster?.userKubeconfig('jane')).rejects.toMatchObject({ code: 'testbed-option' });
    await testbed.stop();
    const { stdout } = await run(own.cluster?.kubectl ?? '', [
      '--kubeconfig',
      kubeconfig,
      'get',
      '--raw',
      '/readyz',
    ]);
    expect(stdout).toBe('ok');
  });

  it('needs a kubeconfig with a current context', async () => {
    const starting = startTestbed({ parts: ['cluster'], use: { kubeconfig: '/dev/null' } });
    await expect(starting).rejects.toMatchObject({ code: 'testbed-option' });
  });
});
