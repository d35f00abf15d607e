import { describe, expect, it } from '@jest/globals';
import { stringifyJson, valueAt } from '@slipway/core';
import { isClusterScopedBuiltIn } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { renderAll, selectTargets, wavesOf } from '../src/index.ts';
import { configMap, problemsOf, rendered, shop, shopFiles, snapshot, staging } from './support/shop.ts';

const manifest = (apiVersion: string, kind: string, metadata = '{name: x}'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\n`;

const definition = `${manifest('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '{name: zones.example.com}')}spec: {group: example.com, scope: Cluster, names: {kind: Zone}}\n`;

async function namespaceOf(stencil: string, more: Record<string, string> = {}): Promise<unknown> {
  const { objects } = await rendered({ 'stencils/config.yaml': stencil, ...more });
  return objects[0]?.object.metadata['namespace'];
}

describe('metadata.namespace', () => {
  it.each([
    ["of Kubernetes' own kinds is the destination's", manifest('apps/v1', 'Deployment'), 'shop-staging'],
    ['that is written stays', manifest('v1', 'ConfigMap', '{name: x, namespace: other}'), 'other'],
    [
      'is not set for cluster-scoped kinds',
      manifest('rbac.authorization.k8s.io/v1', 'ClusterRole'),
      undefined,
    ],
    ['is not set for a Namespace', manifest('v1', 'Namespace'), undefined],
    ['of an unknown kind is assumed', manifest('example.com/v1', 'Route'), 'shop-staging'],
    [
      'of an unknown kind with a well-known name is assumed too',
      manifest('example.com/v1', 'Node'),
      'shop-staging',
    ],
  ])('%s', async (_name, stencil, expected) => {
    expect(await namespaceOf(stencil)).toBe(expected);
  });

  it('is not set if a CustomResourceDefinition of the repository says that the kind is cluster-scoped', async () => {
    expect(
      await namespaceOf(manifest('example.com/v1', 'Zone'), { 'stencils/zz.yaml': definition }),
    ).toBeUndefined();
  });

  it.each(['Zone', 'Zone.example.com'])(
    'is not set if the formation allows the kind as cluster-scoped: %s',
    async kind => {
      const formation = `${shopFiles['formations/staging.yaml']}  allow: {cluster-scoped: [${kind}]}\n`;
      expect(
        await namespaceOf(manifest('example.com/v1', 'Zone'), { 'formations/staging.yaml': formation }),
      ).toBeUndefined();
    },
  );
});

describe('the namespace of a reference', () => {
  const service = '{service: {name: api, path: /check}}';
  const cases: Record<string, [stencil: string, path: (string | number)[], expected: unknown]> = {
    "of a service account that is bound is the destination's": [
      `${manifest('rbac.authorization.k8s.io/v1', 'RoleBinding')}subjects: [{kind: ServiceAccount, name: a}]\n`,
      ['subjects', 0],
      { kind: 'ServiceAccount', name: 'a', namespace: 'shop-staging' },
    ],
    'that is written stays': [
      `${manifest('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding')}subjects: [{kind: ServiceAccount, name: a, namespace: b}]\n`,
      ['subjects', 0],
      { kind: 'ServiceAccount', name: 'a', namespace: 'b' },
    ],
    'is not given to users and groups, which have none': [
      `${manifest('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding')}subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: a}]\n`,
      ['subjects', 0],
      { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'a' },
    ],
    "of a webhook's Service is the destination's": [
      `${manifest('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration')}webhooks: [{name: a, clientConfig: ${service}}]\n`,
      ['webhooks', 0, 'clientConfig', 'service'],
      { name: 'api', namespace: 'shop-staging', path: '/check' },
    ],
    'in a kind of another project with the name of one of these is left as it is': [
      `${manifest('iam.example.com/v1', 'RoleBinding')}subjects: [{kind: ServiceAccount, name: a}]\n`,
      ['subjects', 0],
      { kind: 'ServiceAccount', name: 'a' },
    ],
    'of a Service in a kind of another project with the name of one of these is left as it is': [
      `${manifest('example.com/v1', 'ValidatingWebhookConfiguration')}webhooks: [{clientConfig: ${service}}]\n`,
      ['webhooks', 0, 'clientConfig', 'service'],
      { name: 'api', path: '/check' },
    ],
  };
  it.each(Object.entries(cases))('%s', async (_name, [stencil, path, expected]) => {
    const { objects, manifests } = await rendered({ 'stencils/config.yaml': stencil });
    expect(valueAt(objects[0]?.object ?? {}, path)).toEqual(expected);
    const [written] = parseDocuments(manifests.get('manifests/config.yaml') ?? '', 'config.yaml');
    expect(written?.value).toEqual(objects[0]?.object);
    const object = objects[0]?.object;
    const isFree = object !== undefined && isClusterScopedBuiltIn(object);
    expect(object?.metadata['namespace']).toBe(isFree ? undefined : 'shop-staging');
  });
});

describe('an object is refused', () => {
  const bad = 'use lower-case letters, digits, - and .';
  it.each([
    [
      'whose name is a path',
      manifest('v1', 'ConfigMap', '{name: ../../etc/x}'),
      `object-name-invalid stencils/config.yaml:3:18: metadata.name "../../etc/x" is not a valid object name; ${bad}`,
    ],
    [
      'whose name is empty',
      manifest('v1', 'ConfigMap', '{name: ""}'),
      `object-name-invalid stencils/config.yaml:3:18: metadata.name "" is not a valid object name; ${bad}`,
    ],
    [
      'whose name has capitals',
      manifest('v1', 'ConfigMap', '{name: Config}'),
      `object-name-invalid stencils/config.yaml:3:18: metadata.name "Config" is not a valid object name; ${bad}`,
    ],
    [
      'whose name is too long',
      manifest('v1', 'ConfigMap', `{name: ${'a'.repeat(254)}}`),
      `object-name-invalid stencils/config.yaml:3:18: metadata.name "${'a'.repeat(80)}…" is longer than 253 characters; ${bad}`,
    ],
    [
      'whose namespace is invalid',
      manifest('v1', 'ConfigMap', '{name: x, namespace: a/b}'),
      `object-name-invalid stencils/config.yaml:3:18: metadata.name "x" has an invalid namespace; ${bad}`,
    ],
    [
      'a role whose name is a path',
      manifest('rbac.authorization.k8s.io/v1', 'Role', '{name: ..}'),
      `object-name-invalid stencils/config.yaml:3:18: metadata.name ".." is not a valid object name; ${bad}`,
    ],
    [
      'without a name',
      manifest('v1', 'ConfigMap', '{labels: {}}'),
      'object-invalid stencils/config.yaml:1:1: this manifest has no valid "metadata.name"; add it',
    ],
    [
      'whose name is a number',
      manifest('v1', 'ConfigMap', '{name: 5}'),
      'object-invalid stencils/config.yaml:3:12: this manifest has no valid "metadata.name"; put metadata.name in quotes, as it is read as the number 5',
    ],
    [
      'without kind and apiVersion',
      'metadata: {name: x}\n',
      'object-invalid stencils/config.yaml:1:1: this manifest has no valid "apiVersion", "kind"; add it',
    ],
    [
      'that is a list',
      '- a\n',
      'object-invalid stencils/config.yaml:1:1: this document is not a Kubernetes object; write a manifest with apiVersion, kind and metadata',
    ],
    [
      'that is a text',
      'hello\n',
      'object-invalid stencils/config.yaml:1:1: this document is not a Kubernetes object; write a manifest with apiVersion, kind and metadata',
    ],
  ])('%s', async (_name, stencil, expected) => {
    expect(await problemsOf(() => rendered({ 'stencils/config.yaml': stencil }))).toEqual([expected]);
  });

  it('that another stencil already defines', async () => {
    const files = {
      'stencils/a.yaml': configMap('a: x', 'same'),
      'stencils/b.yaml': `---\n${configMap('b: x', 'same')}`,
    };
    expect(await problemsOf(() => rendered(files))).toEqual([
      'object-duplicate stencils/b.yaml:2:1: ConfigMap "same" is already defined (stencils/a.yaml:1:1); remove or rename one of them',
    ]);
  });

  it('but not for another kind, group or namespace', async () => {
    const twins = [
      manifest('v1', 'ConfigMap'),
      manifest('v1', 'Secret'),
      manifest('example.com/v1', 'Secret'),
      manifest('v1', 'Secret', '{name: x, namespace: other}'),
    ];
    expect((await rendered({ 'stencils/config.yaml': twins.join('---\n') })).objects).toHaveLength(4);
  });

  it('a role may have a colon in its name', async () => {
    const role = manifest('rbac.authorization.k8s.io/v1', 'Role', '{name: "system:x"}');
    expect((await rendered({ 'stencils/config.yaml': role })).objects).toHaveLength(1);
  });
});

describe('the manifest of a stencil', () => {
  it.each([
    ['stencils/api.yaml', 'manifests/api.yaml'],
    ['stencils/api.yml', 'manifests/api.yml.yaml'],
    ['stencils/api.json', 'manifests/api.json.yaml'],
    ['stencils/debug/pod.yaml', 'manifests/debug-pod.yaml'],
    ['stencils/a b;$(c).yaml', 'manifests/a_b___c_.yaml'],
    ['stencils/..yaml', 'manifests/_.yaml'],
  ])('of %s is %s', async (path, expected) => {
    const text = path.endsWith('json')
      ? '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}'
      : manifest('v1', 'ConfigMap');
    const { 'stencils/config.yaml': _, ...others } = shopFiles;
    const { objects, rendered: of } = await rendered({ ...others, [path]: text });
    expect(objects.map(({ file }) => file)).toContain(expected);
    expect(of.files).toContain(expected);
  });
});

describe('the selection of a formation', () => {
  const labelled = (name: string, labels: string): string =>
    manifest('v1', 'ConfigMap', `{name: ${name}, labels: ${labels}}`);
  const stencils = {
    'stencils/config.yaml': labelled('config', '{tier: web}'),
    'stencils/debug/pod.yaml': labelled('pod', '{tier: debug}'),
    'stencils/more.yaml': `${labelled('a', '{}')}---\n${labelled('b', '{tier: debug, "x.y/z": "1"}')}`,
  };

  async function selected(selection: string): Promise<{ names: string[]; warnings: string[] }> {
    const formation = `${shopFiles['formations/staging.yaml']}  stencils: ${selection}\n`;
    const { objects, warnings } = await rendered({ ...stencils, 'formations/staging.yaml': formation });
    return {
      names: objects.map(({ object }) => object.metadata.name),
      warnings: warnings.map(({ message }) => message),
    };
  }

  it.each([
    ['nothing said is all', '{}', ['config', 'pod', 'a', 'b']],
    ['a name', '{include: ["name:config"]}', ['config']],
    ['a folder', '{exclude: ["name:debug/*"]}', ['config', 'a', 'b']],
    ['a label and its value', '{exclude: ["label:tier=debug"]}', ['config', 'a']],
    ['a label with any value', '{include: ["label:tier"]}', ['config', 'pod', 'b']],
    ['a label with a pattern', '{include: ["label:tier=we*"]}', ['config']],
    ['include, then exclude', '{include: ["label:tier"], exclude: ["name:more"]}', ['config', 'pod']],
    ['a name is not a regular expression', '{exclude: ["name:more", "label:x.y/z=1"]}', ['config', 'pod']],
  ])('%s', async (_name, selection, expected) => {
    expect((await selected(selection)).names).toEqual(expected);
  });

  it('warns of a pattern that matches nothing', async () => {
    expect((await selected('{exclude: ["name:debgu"]}')).warnings).toEqual([
      'the pattern "name:debgu" matches no stencil',
    ]);
  });

  it.each(['name:more.yaml', 'name:more.yml', 'name:mor*.yaml'])(
    'says that names have no extension: %s',
    async pattern => {
      const formation = `${shopFiles['formations/staging.yaml']}  stencils: {exclude: ["${pattern}"]}\n`;
      const { warnings } = await rendered({ ...stencils, 'formations/staging.yaml': formation });
      const right = pattern.slice(0, pattern.lastIndexOf('.'));
      expect(warnings.map(({ remedy }) => remedy)).toEqual([
        `names of stencils have no extension: write "${right}"`,
      ]);
    },
  );

  it('is refused if it selects nothing', async () => {
    expect(await problemsOf(() => selected('{include: ["name:none"]}'))).toEqual([
      'nothing-to-render formations/staging.yaml:8:13: the formation "staging" selects no stencils; add stencils/*.yaml, or fix spec.stencils',
    ]);
  });
});

describe('a word that differs in every release', () => {
  const workload = (kind: string, spec: string): string => {
    const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'batch/v1';
    return `${manifest(apiVersion, kind)}spec: ${spec}\n`;
  };
  it.each([
    [
      'in the pods of a Deployment',
      workload('Deployment', '{template: {metadata: {annotations: {a: "${tag}"}}}}'),
      ['these pods restart with every release of "x", since this text differs in each'],
    ],
    [
      'in the pods of a CronJob',
      workload('CronJob', '{jobTemplate: {spec: {template: {a: ["x ${git.sha}"]}}}}'),
      ['these pods restart with every release of "x", since this text differs in each'],
    ],
    [
      'in the pods of a Job',
      workload('Job', '{template: {a: "${tag}"}}'),
      ['this Job runs again with every release of "x", since this text differs in each'],
    ],
    ['but not elsewhere', workload('Deployment', '{a: "${tag}", template: {b: "${namespace}"}}'), []],
    ['nor in a ConfigMap', configMap('template: ${tag}'), []],
  ])('is a warning %s', async (_name, stencil, expected) => {
    const { warnings } = await rendered({ 'stencils/config.yaml': stencil });
    expect(warnings.map(({ message }) => message)).toEqual(expected);
  });
});

describe('targets and waves', () => {
  const of = (found: readonly { formation: string; destination: string }[]): string[] =>
    found.map(({ formation, destination }) => `${formation}/${destination}`);

  it.each([
    [[], [], ['production/eu', 'production/us', 'staging/main']],
    [['production'], [], ['production/eu', 'production/us']],
    [['production'], ['us'], ['production/us']],
    [[], ['main', 'eu'], ['production/eu', 'staging/main']],
  ])('formations %j and destinations %j', async (formations, destinations, expected) => {
    expect(of(selectTargets(await shop(), formations, destinations))).toEqual(expected);
  });

  it.each([
    [
      ['prodution'],
      [],
      'target-unknown: the formation "prodution" does not exist; did you mean "production"?',
    ],
    [['staging'], ['eu'], 'target-unknown: the destination "eu" does not exist; choose one of main'],
  ])('formations %j and destinations %j are refused', async (formations, destinations, expected) => {
    const repository = await shop();
    expect(await problemsOf(() => selectTargets(repository, formations, destinations))).toEqual([expected]);
  });

  it('follow the order in the formation', async () => {
    const repository = await shop();
    const { destinations } = await renderAll(repository, {
      targets: selectTargets(repository, ['production'], []),
    });
    const [eu, us] = destinations.map(({ rendered: { digest } }) => digest);
    expect(wavesOf(repository, destinations)).toEqual([
      [{ formation: 'production', destination: 'eu', environment: 'production-eu', digest: eu }],
      [{ formation: 'production', destination: 'us', environment: '', digest: us }],
    ]);
  });
});

describe('renderAll', () => {
  it('reports one mistake once, however many destinations have it', async () => {
    const repository = await shop({ 'stencils/config.yaml': configMap('a: ${imag.api}') });
    const targets = selectTargets(repository, [], []);
    expect(await problemsOf(() => renderAll(repository, { targets }))).toHaveLength(1);
  });

  it('refuses the snapshot of another application', async () => {
    const repository = await shop();
    const request = { targets: [staging], snapshot: { ...snapshot, application: 'blog' } };
    expect(await problemsOf(() => renderAll(repository, request))).toEqual([
      'snapshot-foreign: the snapshot "20261121-1" is of the application "blog"; use a snapshot of "shop"',
    ]);
  });

  it('produces the same for the same input, and another digest for another snapshot', async () => {
    const [first, second, other] = await Promise.all([
      rendered({}, { snapshot }),
      rendered({}, { snapshot, configRevision: 'b'.repeat(40) }),
      rendered({}, { snapshot: { ...snapshot, deploymentTag: 'other' } }),
    ]);
    expect(stringifyJson(second.objects.map(({ object }) => object))).toBe(
      stringifyJson(first.objects.map(({ object }) => object)),
    );
    expect(second.rendered.digest).toBe(first.rendered.digest);
    expect(other.rendered.digest).not.toBe(first.rendered.digest);
  });
});
