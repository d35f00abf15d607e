import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClusterClient, connectCluster } from '@slipway/cluster';
import { isKubernetesObject, silentLogger, valueAt } from '@slipway/core';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { parseDocuments } from '@slipway/yaml';
import type { StepResult } from '../../../testbed/src/runner/index.ts';
import {
  type Changes,
  deploy,
  errorsOf,
  makeWorkspace,
  type SNAPSHOT,
  usedSecret,
  type Workspace,
  type WorkspaceOptions,
} from './fixture.ts';
import { readRole } from './readme-role.ts';

let testbed: Testbed;
let client: ClusterClient;
let kubeconfig: string;

beforeAll(async () => {
  testbed = await startTestbed({ parts: ['cluster'] });
  kubeconfig = testbed.cluster?.kubeconfig ?? '';
  client = await connectCluster({
    kubeconfig,
    context: '',
    environment: {},
    workspace: '/nowhere',
    runPlugin: () => Promise.reject(new Error('no plugin is expected here')),
    signal: new AbortController().signal,
    logger: silentLogger,
  });
}, 120_000);

afterAll(async () => {
  client?.close();
  await testbed?.stop();
});

async function workspaceIn(
  namespace: string,
  options: Pick<WorkspaceOptions, 'changes' | 'files' | 'snapshot'> = {},
): Promise<Workspace> {
  const existing = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  if (existing === undefined)
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return await makeWorkspace({ directory: testbed.directory, namespace, ...options });
}

/** Everything but what the cluster itself puts into each namespace. */
async function contentsOf(namespace: string): Promise<string[]> {
  const kinds = [
    ['v1', 'ConfigMap'],
    ['v1', 'Secret'],
    ['apps/v1', 'Deployment'],
    ['coordination.k8s.io/v1', 'Lease'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(([apiVersion, kind]) => client.listMetadata({ apiVersion, kind, namespace })),
  );
  return lists
    .flatMap(({ items }) => items)
    .map(({ kind, metadata }) => {
      // Controllers write the status of a Deployment whenever they like; its generation counts what others wrote.
      const version = metadata[kind === 'Deployment' ? 'generation' : 'resourceVersion'];
      return `${kind} ${metadata.name} ${String(version)}`;
    })
    .filter(text => !text.includes('kube-root-ca.crt'));
}

describe('deploy', () => {
  it('brings a rendered tree to the cluster, its secret opened only there', async () => {
    const workspace = await workspaceIn('first');
    const result = await deploy(workspace, { kubeconfig });
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ release: '1', 'previous-release': '', changes: '3' });
    const secret = await usedSecret(client, 'first');
    const text = Buffer.from(String(valueAt(secret, ['data', 'url'])), 'base64').toString();
    expect(text).toBe('postgres://shop:p%40ss%2Fword@db/shop');
    const plan = await readFile(result.outputs['plan'] ?? '', 'utf8');
    for (const shown of [result.raw, result.summary, plan])
      for (const form of ['p@ss/word', 'p%40ss%2Fword', Buffer.from(text).toString('base64')])
        expect(shown.replaceAll(/::add-mask::.*/g, '')).not.toContain(form);
    expect(result.summary).toContain('Deployment first/api');
    expect(result.log).toContain('+ Deployment first/api');
  }, 30_000);

  it('changes nothing the second time', async () => {
    const workspace = await workspaceIn('second');
    await deploy(workspace, { kubeconfig });
    const before = (await contentsOf('second')).filter(text => /ConfigMap|database/.test(text));
    const result = await deploy(workspace, { kubeconfig });
    expect(result.outputs).toMatchObject({ release: '2', 'previous-release': '1', changes: '0' });
    expect((await contentsOf('second')).filter(text => /ConfigMap|database/.test(text))).toEqual(before);
  }, 30_000);

  it('plans without opening a secret and without writing', async () => {
    const workspace = await workspaceIn('planned', { snapshot: undefined });
    const result = await deploy(workspace, { kubeconfig, mode: 'plan', secrets: '' }, {});
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ changes: '3' });
    expect(result.outputs['release']).toBeUndefined();
    expect(await contentsOf('planned')).toEqual([]);
  }, 30_000);

  it('takes plain manifests, under the name of the repository', async () => {
    const workspace = await workspaceIn('plain');
    await writeFile(
      join(workspace.workspace, 'plain.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n',
    );
    const result = await deploy(
      { ...workspace, manifests: 'plain.yaml', digest: '' },
      { kubeconfig, namespace: 'plain' },
    );
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ release: '1' });
    const record = await client.get({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'plain',
      name: 'slipway.shop.default.1',
    });
    expect(record?.['type']).toBe('slipway.dev/release');
  }, 30_000);

  it('needs no more rights than the Role in its README gives', async () => {
    const workspace = await workspaceIn('narrow');
    const user = await testbed.cluster?.userKubeconfig('deployer');
    const role = await readRole('narrow');
    for (const object of role) await client.create(object);
    for (const version of ['1', '2']) {
      const result = await deploy(workspace, { kubeconfig: user ?? '', reason: `time ${version}` });
      expect(errorsOf(result)).toEqual([]);
      expect(result.outputs).toMatchObject({ release: version });
    }
  }, 30_000);
});

const POLICY = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: level}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  validations:
    - expression: "oldObject == null || oldObject.data.level == object.data.level"
      message: the level is an operator's to change
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: level}
spec: {policyName: level, validationActions: [Deny]}
`;

describe('policies of the application', () => {
  it('are asked again before the first write, and see the object as it is in the cluster', async () => {
    const files = { 'policies/level.yaml': POLICY };
    const first = await deploy(await workspaceIn('policies', { files }), { kubeconfig });
    expect(errorsOf(first)).toEqual([]);
    // A Deployment's status moves by itself.
    const written = async () => (await contentsOf('policies')).filter(text => !text.startsWith('Deployment'));
    const before = await written();
    const changes: Changes = { 'stencils/api.yaml': text => text.replace('level: info', 'level: debug') };
    const second = await deploy(await workspaceIn('policies', { files, changes }), { kubeconfig });
    expect(errorsOf(second)).toEqual([
      expect.stringMatching(/stencils\/api\.yaml:\d+:\d+: .*the level is an operator's to change/),
    ]);
    expect(second.outputs).toMatchObject({ changes: '1', 'previous-release': '1' });
    expect(second.outputs['release']).toBeUndefined();
    expect(await written()).toEqual(before);
  }, 30_000);

  it('let through what a waiver lets through', async () => {
    const inAWeek = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString().slice(0, 10);
    const waiver = `apiVersion: slipway.dev/v1
kind: Waiver
metadata: {name: louder}
spec:
  rule: level
  object: {kind: ConfigMap, name: settings}
  reason: The next release is to be watched closely.
  owner: "@acme/operators"
  until: "${inAWeek}"
`;
    const files = { 'policies/level.yaml': POLICY, 'policies/louder.yaml': waiver };
    const first = await deploy(await workspaceIn('waived', { files }), { kubeconfig });
    expect(errorsOf(first)).toEqual([]);
    const changes: Changes = { 'stencils/api.yaml': text => text.replace('level: info', 'level: debug') };
    const second = await deploy(await workspaceIn('waived', { files, changes }), { kubeconfig });
    expect(errorsOf(second)).toEqual([]);
    expect(second.outputs).toMatchObject({ release: '2', changes: '1' });
  });
});

describe('missing rights', () => {
  it('are refused together, with a Role in the log that is enough', async () => {
    const workspace = await workspaceIn('no-rights');
    const user = (await testbed.cluster?.userKubeconfig('newcomer')) ?? '';
    const refused = await deploy(workspace, { kubeconfig: user });
    expect(errorsOf(refused)).toEqual([
      'the credentials may not get, list, create, update, patch, delete secrets in namespace "no-rights"; grant the Role that the log shows',
      'the credentials may not get, create, update, delete leases.coordination.k8s.io in namespace "no-rights"; grant the Role that the log shows',
      'the credentials may not get, list, create, patch, delete deployments.apps in namespace "no-rights"; grant the Role that the log shows',
      'the credentials may not get, list, create, patch, delete configmaps in namespace "no-rights"; grant the Role that the log shows',
    ]);
    expect(await contentsOf('no-rights')).toEqual([]);
    const shown = /apiVersion: rbac[\s\S]*?(?=\nerror)/.exec(refused.log)?.[0] ?? '';
    const [role] = parseDocuments(shown, 'log').map(({ value }) => value);
    if (!isKubernetesObject(role)) throw new Error('the log shows no Role');
    await client.create(role);
    const binding = (await readRole('no-rights')).filter(({ kind }) => kind === 'RoleBinding');
    for (const object of binding)
      await client.create({
        ...object,
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'newcomer' }],
      });
    const granted = await deploy(workspace, { kubeconfig: user });
    expect(errorsOf(granted)).toEqual([]);
    expect(granted.outputs).toMatchObject({ release: '1' });
  }, 30_000);
});

interface Case {
  readonly changes?: Changes;
  readonly snapshot?: typeof SNAPSHOT | undefined;
  readonly inputs?: (workspace: Workspace) => Promise<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly tamper?: (workspace: Workspace) => Promise<void>;
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const changedKubeconfig = (from: RegExp, to: string) => async () => ({
  kubeconfig: (await readFile(kubeconfig, 'utf8')).replace(from, to),
});

const cases: Readonly<Record<string, Case>> = {
  'missing manifests': {
    inputs: async () => ({ manifests: '' }),
    says: /input "manifests" is missing/,
    remedy: /add "manifests: …"/,
  },
  'a cluster that does not answer': {
    inputs: changedKubeconfig(/server: .*/, 'server: https://127.0.0.1:1'),
    says: /https:\/\/127\.0\.0\.1:1 does not answer/,
    remedy: /check the address/,
  },
  'a certificate that is not trusted': {
    inputs: changedKubeconfig(/ *certificate-authority-data: .*\n/, ''),
    says: /certificate of https:.* is not trusted/,
    remedy: /certificate-authority-data/,
  },
  'a kubeconfig without the named context': {
    inputs: async () => ({ kubeconfig, context: 'production' }),
    says: /no context "production"/,
    remedy: /set context to one of "testbed"/,
  },
  'a kubeconfig inside the workspace': {
    inputs: async ({ workspace }) => {
      await cp(kubeconfig, join(workspace, 'kubeconfig'));
      return { kubeconfig: 'kubeconfig' };
    },
    says: /lies inside the workspace/,
    remedy: /write it to RUNNER_TEMP/,
  },
  'something that is no kubeconfig': {
    inputs: async () => ({ kubeconfig: 'clusters:\n- token-abc' }),
    says: /is not a kubeconfig/,
    remedy: /kubectl config view/,
  },
  'no kubeconfig at all': {
    inputs: async () => ({ kubeconfig: '' }),
    says: /there is no kubeconfig/,
    remedy: /set KUBECONFIG/,
  },
  'credentials that are not accepted': {
    inputs: changedKubeconfig(/ *client-(?:certificate|key)-data: .*\n/g, ''),
    says: /cannot|does not accept|forbidden/i,
    remedy: /;/,
  },
  'a manifest that was changed after rendering': {
    tamper: async ({ manifests }) => {
      const file = join(manifests, 'staging/main/manifests/api.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace('info', 'debug'));
    },
    says: /was changed after it was rendered/,
    remedy: /render again/,
  },
  'manifests of another digest': {
    inputs: async () => ({ digest: `sha256:${'0'.repeat(64)}` }),
    says: /not those that the digest was given for/,
    remedy: /render again/,
  },
  'an image that is not of the snapshot': {
    changes: { 'stencils/api.yaml': text => text.replace('${image.api}', 'docker.io/library/nginx:1') },
    says: /stencils\/api\.yaml:12:11: .*runs "docker\.io\/library\/nginx:1"/,
    remedy: /make it a service/,
  },
  'a tree without a snapshot': {
    snapshot: undefined,
    says: /rendered without a snapshot/,
    remedy: /give render-stencil/,
  },
  'a destination that the tree does not hold': {
    inputs: async () => ({ destination: 'eu' }),
    says: /no destination of the rendered tree fits "\*\/eu"/,
    remedy: /staging\/main/,
  },
  'a tree of another checkout': {
    tamper: async ({ workspace }) => {
      const file = join(workspace, 'formations/staging.yaml');
      await writeFile(
        file,
        (await readFile(file, 'utf8')).replace(/namespace: \S+}/, 'namespace: elsewhere}'),
      );
    },
    says: /rendered tree is of "staging\/main" in the namespace/,
    remedy: /check out the commit/,
  },
  'a secret that is not on the allow-list': {
    inputs: async () => ({ secrets: 'env=OTHER' }),
    says: /config\/database\.yaml:\d+:\d+: deploy may not read "env=DATABASE_PASSWORD"/,
    remedy: /add it to the input "secrets"/,
  },
  'a secret without a value': {
    environment: {},
    says: /secret\.database\.password cannot be opened/,
    remedy: /set it under "env:"/,
  },
  'a cluster that is not the one of the formation': {
    changes: {
      'formations/staging.yaml': text =>
        text.replace(/}\n$/, ', cluster: {server: "https://prod.example"}}\n'),
    },
    says: /the formation wants "https:\/\/prod\.example"/,
    remedy: /choose the right kubeconfig/,
  },
  'a kind that the cluster does not serve': {
    changes: {
      'stencils/api.yaml': text =>
        text
          .replace('apiVersion: v1\nkind: ConfigMap', 'apiVersion: example.org/v1\nkind: Gadget')
          .replace('data: {level: info}', ''),
    },
    says: /stencils\/api\.yaml:\d+:\d+: .*does not serve "Gadget"/,
    remedy: /CustomResourceDefinition/,
  },
};

describe.each(Object.entries(cases))('given %s', (name, bad) => {
  let result: StepResult;
  const namespace = name.replaceAll(' ', '-').toLowerCase().slice(0, 40);

  beforeAll(async () => {
    const { changes, tamper, inputs, environment } = bad;
    const workspace = await workspaceIn(namespace, {
      ...(changes === undefined ? {} : { changes }),
      ...('snapshot' in bad ? { snapshot: bad.snapshot } : {}),
    });
    await tamper?.(workspace);
    result = await deploy(workspace, { kubeconfig, ...(await inputs?.(workspace)) }, environment);
  }, 60_000);

  it('ends in one sentence with its remedy, and exit code 1', () => {
    const errors = errorsOf(result);
    expect(errors).toEqual([expect.stringMatching(bad.says)]);
    expect(errors[0]).toMatch(bad.remedy);
    expect(errors[0]).not.toContain('\n');
    expect(result.exitCode).toBe(1);
    expect(`${result.raw}${result.summary}`).not.toMatch(/^\s+at .*[:(]/m);
  });

  it('leaves the cluster as it was', async () => {
    expect(await contentsOf(namespace)).toEqual([]);
  });
});

it('names the command that creates a missing namespace', async () => {
  const workspace = await makeWorkspace({ directory: testbed.directory, namespace: 'missing' });
  const result = await deploy(workspace, { kubeconfig });
  expect(errorsOf(result)).toEqual([
    'the namespace "missing" does not exist; create it: kubectl create namespace missing',
  ]);
});

it('gives up within 15 s on an address where somebody listens and says nothing', async () => {
  const workspace = await workspaceIn('silent');
  const silent = createServer(() => {});
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const started = performance.now();
  const result = await deploy(
    workspace,
    await changedKubeconfig(/server: .*/, `server: https://127.0.0.1:${port}`)(),
  );
  silent.close();
  expect(errorsOf(result)).toEqual([expect.stringContaining(`https://127.0.0.1:${port} does not answer`)]);
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);
