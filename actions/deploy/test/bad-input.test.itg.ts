import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '@slipway/testbed/runner';
import { contentsOf, useOpenCluster, workspaceFor } from './cluster.ts';
import { type Changes, deploy, errorsOf, makeWorkspace, type SNAPSHOT, type Workspace } from './fixture.ts';
import { readRole } from './roles.ts';

const cluster = useOpenCluster();
const { client, testbed } = cluster;

const workspaceIn = (namespace: string, options: Parameters<typeof workspaceFor>[2] = {}) =>
  workspaceFor(cluster, namespace, options);

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
  kubeconfig: (await readFile(cluster.kubeconfig, 'utf8')).replace(from, to),
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
    inputs: async () => ({ kubeconfig: cluster.kubeconfig, context: 'production' }),
    says: /no context "production"/,
    remedy: /set context to one of "testbed"/,
  },
  'a kubeconfig inside the workspace': {
    inputs: async ({ workspace }) => {
      await cp(cluster.kubeconfig, join(workspace, 'kubeconfig'));
      return { kubeconfig: 'kubeconfig' };
    },
    says: /is inside the workspace/,
    remedy: /write it to RUNNER_TEMP/,
  },
  'something that is not a kubeconfig': {
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
    says: /does not accept the credentials|treats the request as anonymous/,
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
    says: /do not have the digest that was given/,
    remedy: /render again/,
  },
  'an image that is not an image of the snapshot': {
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
    says: /the formation names "https:\/\/prod\.example"/,
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
    result = await deploy(
      workspace,
      { kubeconfig: cluster.kubeconfig, ...(await inputs?.(workspace)) },
      environment,
    );
  });

  it('ends in one sentence with its remedy, and exit code 1', () => {
    const errors = errorsOf(result);
    expect(errors).toEqual([expect.stringMatching(bad.says)]);
    expect(errors[0]).toMatch(bad.remedy);
    expect(errors[0]).not.toContain('\n');
    expect(result.annotations[0]?.title).toBe(`Slipway: ${result.outputs['error']}`);
    expect(result.exitCode).toBe(1);
    expect(`${result.raw}${result.summary}`).not.toMatch(/^\s+at .*[:(]/m);
  });

  it('leaves the cluster as it was', async () => {
    expect(await contentsOf(client, namespace)).toEqual([]);
  });
});

it('names the command that creates a missing namespace', async () => {
  const workspace = await makeWorkspace({ directory: testbed.directory, namespace: 'missing' });
  const result = await deploy(workspace, { kubeconfig: cluster.kubeconfig });
  expect(errorsOf(result)).toEqual([
    'the namespace "missing" does not exist; create it: kubectl create namespace missing',
  ]);
});

it('gives up on an address that accepts connections and never answers', async () => {
  const workspace = await workspaceIn('silent');
  const silent = createServer(() => {});
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const result = await deploy(
    workspace,
    await changedKubeconfig(/server: .*/, `server: https://127.0.0.1:${port}`)(),
  );
  silent.close();
  expect(errorsOf(result)).toEqual([expect.stringContaining(`https://127.0.0.1:${port} does not answer`)]);
});

/** A Deployment; `TEMPLATE` in its spec is one of its pods. */
const withSpec = (spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: ${spec.replace('TEMPLATE', '{metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: a}]}}')}`;

/** Plain manifests, which no earlier step looked at. */
const plain: Readonly<Record<string, { readonly text: string; readonly says: RegExp }>> = {
  'a manifest without a kind': {
    text: 'apiVersion: v1\nmetadata: {name: a}',
    says: /plain\.yaml:1:1: .*has no valid "kind"/,
  },
  'a manifest without a name': {
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}',
    says: /plain\.yaml:1:1: .*has no valid "metadata\.name"/,
  },
  'an object that is there twice': {
    text: ['1', '2']
      .map(a => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata: {a: "${a}"}`)
      .join('\n---\n'),
    says: /plain\.yaml:8:\d+: ConfigMap .*twice is in the release twice; remove or rename one/,
  },
  'a ConfigMap of 2 MB': {
    text: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: large}\ndata: {a: ${'x'.repeat(2_000_000)}}`,
    says: /plain\.yaml:3:\d+: applying ConfigMap .*large: .*[Tt]oo (?:large|long)/,
  },
  'annotations of 300 KB': {
    text: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: noted, annotations: {a: ${'x'.repeat(300_000)}}}`,
    says: /plain\.yaml:3:\d+: applying ConfigMap .*noted: .*annotations.*[Tt]oo long/,
  },
  'a field that does not exist': {
    text: withSpec('{replica: 1, selector: {matchLabels: {app: a}}, template: TEMPLATE}'),
    says: /plain\.yaml:3:\d+: applying Deployment .*\.spec\.replica: field not declared in schema/,
  },
  'a number that is text': {
    text: withSpec('{replicas: "1", selector: {matchLabels: {app: a}}, template: TEMPLATE}'),
    says: /plain\.yaml:3:\d+: applying Deployment .*\.spec\.replicas: expected numeric/,
  },
  'a selector that does not match its template': {
    text: withSpec('{selector: {matchLabels: {app: b}}, template: TEMPLATE}'),
    says: /plain\.yaml:3:\d+: applying Deployment .*does not match/,
  },
  'two variables of one name': {
    text: withSpec('{selector: {matchLabels: {app: a}}, template: TEMPLATE}').replace(
      'image: a',
      'image: a, env: [{name: A, value: "1"}, {name: A, value: "2"}]',
    ),
    says: /plain\.yaml:3:\d+: applying Deployment .*duplicate entries/,
  },
  'a container without an image': {
    text: withSpec('{selector: {matchLabels: {app: a}}, template: TEMPLATE}').replace(', image: a', ''),
    says: /plain\.yaml:3:\d+: applying Deployment .*image: Required value/,
  },
  'a label of a form that is not allowed': {
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {app: "a b"}}',
    says: /plain\.yaml:3:\d+: applying ConfigMap .*metadata\.labels: Invalid value/,
  },
  'a Secret with a number': {
    text: 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {pin: 73912645}',
    says: /plain\.yaml:3:\d+: applying Secret .*\.data\.pin: expected string, got something else$/,
  },
  'a name of a form that is not allowed': {
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_B}',
    says: /plain\.yaml:3:\d+: applying ConfigMap .*metadata\.name: Invalid value/,
  },
  'a name that is too long before its hash': {
    text: `apiVersion: batch/v1\nkind: Job\nmetadata: {name: ${'n'.repeat(254)}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}`,
    says: /plain\.yaml:3:\d+: the name of Job .* has 254 characters, and at most 253 are allowed; shorten it/,
  },
  'a label that only Slipway may set': {
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {applyset.kubernetes.io/part-of: x}}',
    says: /has the label "applyset\.kubernetes\.io\/part-of", which only Slipway may set; remove it/,
  },
};

describe.each(Object.entries(plain))('given %s', (name, { text, says }) => {
  it('says so in one sentence, and leaves the cluster as it was', async () => {
    const namespace = name
      .replaceAll(/[^a-zA-Z0-9]+/g, '-')
      .toLowerCase()
      .slice(0, 40);
    const workspace = await workspaceIn(namespace);
    await writeFile(join(workspace.workspace, 'plain.yaml'), `${text}\n`);
    const result = await deploy(
      { ...workspace, manifests: 'plain.yaml', digest: '' },
      { kubeconfig: cluster.kubeconfig, namespace },
    );
    const errors = errorsOf(result);
    expect(errors).toEqual([expect.stringMatching(says)]);
    expect(errors[0]?.length).toBeLessThan(1_500);
    expect(result.exitCode).toBe(1);
    expect(await contentsOf(client, namespace)).toEqual([]);
  });
});

it('refuses an object of cluster scope to who has rights in the namespace only', async () => {
  const namespace = 'scoped';
  const workspace = await workspaceIn(namespace);
  for (const object of await readRole('deployer', namespace)) await client.create(object);
  const text = 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 5\n';
  await writeFile(join(workspace.workspace, 'plain.yaml'), text);
  const user = await testbed.cluster.userKubeconfig('deployer');
  const plainOnes = { ...workspace, manifests: 'plain.yaml', digest: '' };
  const result = await deploy(plainOnes, { kubeconfig: user, namespace });
  expect(errorsOf(result)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /may not get, list, create, patch, delete priorityclasses\.scheduling\.k8s\.io in the cluster/,
      ),
      expect.stringMatching(
        /PriorityClass high is cluster-scoped; add "PriorityClass" to allow\.cluster-scoped/,
      ),
    ]),
  );
  expect(await contentsOf(client, namespace)).toEqual([]);
});

/** The testbed's kubeconfig with another way to prove who one is. */
async function withUser(user: string): Promise<string> {
  const text = await readFile(cluster.kubeconfig, 'utf8');
  const changed = text.replace(/( *)client-certificate-data: .*\n *client-key-data: .*\n/, `$1${user}\n`);
  expect(changed).toContain(user);
  return changed;
}

it('names a credential plugin that is not there', async () => {
  const workspace = await workspaceIn('plugin');
  const exec =
    'exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: Never}';
  const result = await deploy(workspace, { kubeconfig: await withUser(exec) });
  expect(errorsOf(result)).toEqual([
    expect.stringMatching(
      /the kubeconfig's credential plugin "no-such-plugin" cannot be run; install it on the runner/,
    ),
  ]);
});

it.each([
  ['have expired', 'token: expired', 'does not accept the credentials; renew them'],
  ['are missing', 'username: ""', 'treats the request as anonymous; check the user in the kubeconfig'],
])('says that credentials %s', async (_what, user, says) => {
  const workspace = await workspaceIn('credentials');
  const result = await deploy(workspace, { kubeconfig: await withUser(user) });
  expect(errorsOf(result)).toEqual([expect.stringContaining(says)]);
});
