import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SlipwayError, silentLogger } from '@slipway/core';
import type { JobFacts } from '../src/index.ts';
import { loadKubeconfig } from '../src/kubeconfig/load-kubeconfig.ts';
import type { KubeconfigSource } from '../src/kubeconfig/source.ts';

let folder: string;
let workspace: string;
let path: string;
let asked: string[];

const V1 = 'client.authentication.k8s.io/v1';
const written = (command: string): string =>
  JSON.stringify({
    clusters: [{ name: 'a', cluster: { server: 'https://a.example' } }],
    users: [{ name: 'a', user: { exec: { apiVersion: V1, command, interactiveMode: 'IfAvailable' } } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  });

/** As google-github-actions/get-gke-credentials leaves it. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-workspace-'));
  workspace = join(folder, 'workspace');
  path = join(workspace, 'gha-kubeconfig-1');
  asked = [];
  await mkdir(join(folder, 'bin'));
  await mkdir(join(workspace, 'bin'), { recursive: true });
  await writeFile(path, written('gke-gcloud-auth-plugin'), { mode: 0o600 });
  for (const bin of [join(folder, 'bin'), join(workspace, 'bin')])
    await writeFile(join(bin, 'gke-gcloud-auth-plugin'), '', { mode: 0o755 });
});

afterEach(() => rm(folder, { recursive: true }));

const FACTS: JobFacts = { isCommitted: async () => false, startedAt: async () => Date.now() - 60_000 };

async function codeOf(changes: Partial<KubeconfigSource> & { readonly facts?: Partial<JobFacts> }) {
  const { facts, ...others } = changes;
  const source: KubeconfigSource = {
    kubeconfig: '',
    context: '',
    environment: { KUBECONFIG: path, PATH: join(folder, 'bin') },
    workspace,
    runPlugin: async command => {
      asked.push(command);
      const answer = { kind: 'ExecCredential', apiVersion: V1, status: { token: 'x' } };
      return { exitCode: 0, stdout: JSON.stringify(answer), stderr: '' };
    },
    job: { ...FACTS, ...facts },
    ...others,
  };
  try {
    const loaded = await loadKubeconfig(source, { now: Date.now, logger: silentLogger });
    await loaded.readOptions();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('a kubeconfig that a login of this job wrote into the workspace', () => {
  it('is accepted, and its plugin is run from where it was found outside', async () => {
    expect(await codeOf({})).toBe('accepted');
    expect(asked).toEqual([join(folder, 'bin/gke-gcloud-auth-plugin')]);
  });

  it('is accepted when the input names the same path as KUBECONFIG', async () => {
    expect(await codeOf({ kubeconfig: path })).toBe('accepted');
    expect(await codeOf({ kubeconfig: 'gha-kubeconfig-1' })).toBe('accepted');
  });

  it('is accepted with a token', async () => {
    await writeFile(path, written('x').replace(/"exec":\{[^}]*\}/, '"token":"y"'));
    expect(await codeOf({})).toBe('accepted');
  });

  it.each<[string, string, () => Promise<unknown>, Parameters<typeof codeOf>[0]?]>([
    [
      'KUBECONFIG names another file',
      'only the very file that KUBECONFIG names',
      async () => {},
      { kubeconfig: 'gha-kubeconfig-1', environment: { KUBECONFIG: '/nowhere/else' } },
    ],
    ['others may read it', 'its mode is 0644 and not 0600', () => chmod(path, 0o644)],
    ['it may be run', 'its mode is 0700 and not 0600', () => chmod(path, 0o700)],
    ['its last change is older than the job', 'it is older than this job', () => utimes(path, 1, 1)],
    [
      'it is older than the job',
      'it is older than this job',
      async () => {},
      { facts: { startedAt: async () => Date.now() + 60_000 } },
    ],
    [
      'it is not known when the job began',
      'when this job began cannot be told',
      async () => {},
      { facts: { startedAt: async () => undefined } },
    ],
    [
      'a commit brought it',
      'a commit brought it',
      async () => {},
      { facts: { isCommitted: async () => true } },
    ],
    [
      'Git cannot tell',
      'whether a commit brought it cannot be told',
      async () => {},
      { facts: { isCommitted: async () => undefined } },
    ],
    [
      'it is a link',
      'a link leads to it',
      async () => {
        await rm(path);
        await writeFile(join(workspace, 'real'), written('aws'), { mode: 0o600 });
        await symlink(join(workspace, 'real'), path);
      },
    ],
    [
      'it is a link to a file outside',
      'a link leads to it',
      async () => {
        await rm(path);
        await writeFile(join(folder, 'real'), written('aws'), { mode: 0o600 });
        await symlink(join(folder, 'real'), path);
      },
    ],
    [
      'its folder is a link',
      'a link leads to it',
      async () => {
        await symlink(workspace, join(workspace, 'here'));
      },
      { environment: { KUBECONFIG: '' } },
    ],
    [
      'it is a folder',
      'it is not a regular file',
      async () => {
        await rm(path);
        await mkdir(path, { mode: 0o600 });
      },
    ],
  ])('is refused if %s', async (title, reason, change, options = {}) => {
    await change();
    const changes =
      title === 'its folder is a link'
        ? { environment: { KUBECONFIG: join(workspace, 'here/gha-kubeconfig-1') } }
        : options;
    const outcome = await codeOf(changes);
    expect(outcome).toMatch(/^kubeconfig-in-workspace: /);
    expect(outcome).toContain(`, and ${reason}`);
    expect(asked).toEqual([]);
  });

  it('is refused without facts about the job', async () => {
    expect(await codeOf({ job: undefined as never })).toContain('kubeconfig-in-workspace');
  });

  it.each([
    ['is not known', 'get-token', 'is not one of the known credential plugins'],
    ['is in the workspace', 'gke-gcloud-auth-plugin', 'was found inside the workspace'],
    ['is named by a path in the workspace', './bin/gke-gcloud-auth-plugin', 'was found inside the workspace'],
  ])('is refused if its plugin %s', async (_title, command, reason) => {
    await writeFile(path, written(command));
    const environment = { KUBECONFIG: path, PATH: join(workspace, 'bin') };
    const outcome = await codeOf({ environment });
    expect(outcome).toMatch(/^kubeconfig-plugin-unknown: /);
    expect(outcome).toContain(reason);
    expect(asked).toEqual([]);
  });

  it('is refused if a link outside leads to a plugin in the workspace', async () => {
    await rm(join(folder, 'bin/gke-gcloud-auth-plugin'));
    await symlink(join(workspace, 'bin/gke-gcloud-auth-plugin'), join(folder, 'bin/gke-gcloud-auth-plugin'));
    expect(await codeOf({})).toMatch(/^kubeconfig-plugin-unknown: /);
  });
});
