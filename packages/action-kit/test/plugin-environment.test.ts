import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Exec, ExecOptions } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { reachCluster } from '../src/index.ts';

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: 'a', cluster: { server: 'https://a.example' } }],
  users: [
    {
      name: 'a',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'aws',
          interactiveMode: 'Never',
        },
      },
    },
  ],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
});

it('a credential plugin gets neither what a line of secrets names, nor what no login needs, nor a terminal', async () => {
  const started: ExecOptions[] = [];
  const exec: Exec = async (_command, _args, options = {}) => {
    started.push(options);
    return { exitCode: 1, stdout: '', stderr: '' };
  };
  const environment = {
    PATH: '/bin',
    AWS_REGION: 'x',
    AWS_SESSION_TOKEN: 'x',
    AWS_RDS_PASSWORD: 'x',
    GITHUB_TOKEN: 'x',
    SOPS_AGE_KEY: 'x',
  };
  const workspace = await mkdtemp(join(tmpdir(), 'plugin-'));
  const inputs = {
    kubeconfig: KUBECONFIG,
    context: '',
    secretNames: ['AWS_SESSION_TOKEN', 'AWS_RDS_PASSWORD'],
  };
  const reaching = reachCluster(inputs, '', fakeRunner({ workspace, exec, environment }));
  await expect(reaching).rejects.toMatchObject({ code: 'kubeconfig-plugin' });
  const [{ environment: given, input, cwd } = {}] = started;
  expect(Object.keys(given ?? {}).toSorted()).toEqual(['AWS_REGION', 'KUBERNETES_EXEC_INFO', 'PATH']);
  expect(input).toBe('');
  expect(cwd).toBe(tmpdir());
});
