import { describe, expect, it } from '@jest/globals';
import { type JsonValue, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { renderAll } from '../src/index.ts';
import { sharedObjects } from '../src/render/shared-objects.ts';
import { neighbours } from './support/neighbours.ts';
import { config, configMap, type Files, problemsOf, rendered, shop } from './support/shop.ts';

const canary = (spec: string): Files => ({
  'formations/canary.yaml': `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: canary}\nspec:\n  name-prefix: ${spec}\n  destinations: {main: {namespace: shop-staging}}\n`,
});
const target = { formation: 'canary', destination: 'main' };

async function prefixedObjects(stencil: string, spec = 'canary-'): Promise<readonly KubernetesObject[]> {
  const { objects } = await rendered({ 'stencils/config.yaml': stencil, ...canary(spec) }, target);
  return objects.map(({ object }) => object);
}

function at(objects: readonly KubernetesObject[], kind: string, pointer: string): JsonValue | undefined {
  const object = objects.find(found => found.kind === kind);
  const path = pointer
    .split('/')
    .map(step => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/')));
  return object && valueAt(object, path);
}

const pod = 'spec/template/spec';
const renamed: Record<string, [kind: string, pointer: string, expected: string]> = {
  'a Deployment': ['Deployment', 'metadata/name', 'canary-api'],
  'an object without a namespace': ['StorageClass', 'metadata/name', 'canary-fast'],
  'its service account': ['Deployment', `${pod}/serviceAccountName`, 'canary-api'],
  'its priority class': ['Deployment', `${pod}/priorityClassName`, 'canary-high'],
  'its pull secret': ['Deployment', `${pod}/imagePullSecrets/0/name`, 'canary-pull'],
  "an init container's envFrom": [
    'Deployment',
    `${pod}/initContainers/0/envFrom/0/configMapRef/name`,
    'canary-settings',
  ],
  'an env of a ConfigMap': [
    'Deployment',
    `${pod}/containers/0/env/0/valueFrom/configMapKeyRef/name`,
    'canary-settings',
  ],
  'an env of a Secret': [
    'Deployment',
    `${pod}/containers/0/env/1/valueFrom/secretKeyRef/name`,
    'canary-pull',
  ],
  'a volume of a ConfigMap': ['Deployment', `${pod}/volumes/0/configMap/name`, 'canary-settings'],
  'a volume of a Secret': ['Deployment', `${pod}/volumes/1/secret/secretName`, 'canary-pull'],
  'a volume of a claim': ['Deployment', `${pod}/volumes/2/persistentVolumeClaim/claimName`, 'canary-files'],
  'a projected ConfigMap': [
    'Deployment',
    `${pod}/volumes/3/projected/sources/0/configMap/name`,
    'canary-settings',
  ],
  'a projected Secret': ['Deployment', `${pod}/volumes/3/projected/sources/1/secret/name`, 'canary-pull'],
  "a CronJob's envFrom": [
    'CronJob',
    `spec/jobTemplate/${pod}/containers/0/envFrom/0/configMapRef/name`,
    'canary-settings',
  ],
  "a StatefulSet's Service": ['StatefulSet', 'spec/serviceName', 'canary-db'],
  'the class of a claim template': [
    'StatefulSet',
    'spec/volumeClaimTemplates/0/spec/storageClassName',
    'canary-fast',
  ],
  'the class of a claim': ['PersistentVolumeClaim', 'spec/storageClassName', 'canary-fast'],
  "a service account's pull secret": ['ServiceAccount', 'imagePullSecrets/0/name', 'canary-pull'],
  "an Ingress' backend": ['Ingress', 'spec/rules/0/http/paths/0/backend/service/name', 'canary-api'],
  "an Ingress' default backend": ['Ingress', 'spec/defaultBackend/service/name', 'canary-api'],
  "an Ingress' certificate": ['Ingress', 'spec/tls/0/secretName', 'canary-pull'],
  'the target of an autoscaler': ['HorizontalPodAutoscaler', 'spec/scaleTargetRef/name', 'canary-api'],
  'the role of a binding': ['RoleBinding', 'roleRef/name', 'canary-reader'],
  'the subject of a binding': ['RoleBinding', 'subjects/0/name', 'canary-api'],
  'the subject of a binding of the cluster': ['ClusterRoleBinding', 'subjects/0/name', 'canary-api'],
  'what a role names': ['Role', 'rules/0/resourceNames/0', 'canary-settings'],
  "a webhook's Service": [
    'ValidatingWebhookConfiguration',
    'webhooks/0/clientConfig/service/name',
    'canary-api',
  ],
};
const kept: Record<string, [kind: string, pointer: string, expected: string]> = {
  'a Namespace': ['Namespace', 'metadata/name', 'extra'],
  'labels and selectors': ['Deployment', 'spec/selector/matchLabels/app', 'api'],
  'a container': ['Deployment', `${pod}/containers/0/name`, 'api'],
  'a Secret that the formation does not have': ['Ingress', 'spec/tls/1/secretName', 'other'],
  'a Service that the formation does not have': [
    'Ingress',
    'spec/rules/0/http/paths/1/backend/service/name',
    'other',
  ],
  'a ConfigMap that the cluster brings': [
    'Deployment',
    `${pod}/volumes/4/configMap/name`,
    'kube-root-ca.crt',
  ],
  'a ClusterRole that the cluster brings': ['ClusterRoleBinding', 'roleRef/name', 'view'],
  'a claim template': ['StatefulSet', 'spec/volumeClaimTemplates/0/metadata/name', 'data'],
  'another object that a role names': ['Role', 'rules/0/resourceNames/1', 'other'],
  text: ['ConfigMap', 'data/address', 'http://api:80'],
};

describe("a formation's name prefix", () => {
  const objects = prefixedObjects(neighbours);

  it.each(Object.entries(renamed))('goes before the name of %s', async (_name, [kind, pointer, expected]) => {
    expect(at(await objects, kind, pointer)).toBe(expected);
  });

  it.each(Object.entries(kept))('leaves %s as it is', async (_name, [kind, pointer, expected]) => {
    expect(at(await objects, kind, pointer)).toBe(expected);
  });

  it('goes into references of custom resources by kind and name, and into those that default their kind', async () => {
    const others = `apiVersion: v1
kind: Service
metadata: {name: api}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api}
spec:
  parentRefs: [{name: shared}]
  rules:
    - backendRefs:
        - {name: api, port: 80}
        - {name: api, kind: Widget, group: example.com}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
spec: {target: {kind: Service, name: api}, others: [{kind: Service, name: x}, {kind: Service, apiVersion: serving.knative.dev/v1, name: api}]}
`;
    const objects = await prefixedObjects(others);
    expect(at(objects, 'HTTPRoute', 'spec')).toEqual({
      parentRefs: [{ name: 'shared' }],
      rules: [
        {
          backendRefs: [
            { name: 'canary-api', port: 80 },
            { name: 'api', kind: 'Widget', group: 'example.com' },
          ],
        },
      ],
    });
    expect(at(objects, 'Widget', 'spec')).toEqual({
      target: { kind: 'Service', name: 'canary-api' },
      others: [
        { kind: 'Service', name: 'x' },
        { kind: 'Service', apiVersion: 'serving.knative.dev/v1', name: 'api' },
      ],
    });
  });

  it('goes before the name of a foreign kind that is called like one with a fixed name', async () => {
    const objects = await prefixedObjects(
      'apiVersion: servicebus.azure.com/v1api20221001preview\nkind: Namespace\nmetadata: {name: queues}\n',
    );
    expect(at(objects, 'Namespace', 'metadata/name')).toBe('canary-queues');
  });

  const ack = (kind: string, name: string): string =>
    `apiVersion: services.example.com/v1\nkind: ${kind}\nmetadata: {name: ${name}}\n---\n`;
  const foreign = {
    'a Service in the Ingress of Kubernetes': [
      `${ack('Service', 'api')}apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {defaultBackend: {service: {name: api}}}\n`,
      ['Ingress', 'spec/defaultBackend/service/name', 'api'],
    ],
    'a ConfigMap in the pods of a Deployment': [
      `${ack('ConfigMap', 'settings')}apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {volumes: [{name: a, configMap: {name: settings}}]}}}\n`,
      ['Deployment', `${pod}/volumes/0/configMap/name`, 'settings'],
    ],
    'a ServiceAccount in the subjects of a RoleBinding': [
      `${ack('ServiceAccount', 'api')}apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: web}\nroleRef: {kind: Role, name: x}\nsubjects: [{kind: ServiceAccount, name: api}]\n`,
      ['RoleBinding', 'subjects/0/name', 'api'],
    ],
    'a Role that a RoleBinding grants': [
      `${ack('Role', 'reader')}apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: web}\nroleRef: {kind: Role, name: reader}\n`,
      ['RoleBinding', 'roleRef/name', 'reader'],
    ],
    'a Service in the routes of the Gateway API': [
      `${ack('Service', 'api')}apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec: {rules: [{backendRefs: [{kind: Service, name: api}]}]}\n`,
      ['HTTPRoute', 'spec/rules/0/backendRefs/0/name', 'api'],
    ],
    'a Service whose resources a Role grants in the core group': [
      `${ack('Service', 'api')}apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: web}\nrules: [{apiGroups: [""], resources: [services], resourceNames: [api]}]\n`,
      ['Role', 'rules/0/resourceNames/0', 'api'],
    ],
  } as const;

  it.each(Object.entries(foreign))(
    "leaves a name that means Kubernetes' own kind, where the formation has another project's: %s",
    async (_name, [stencil, [kind, pointer, expected]]) => {
      expect(at(await prefixedObjects(stencil), kind, pointer)).toBe(expected);
    },
  );

  it("does not read another project's kind by the row of Kubernetes' own", async () => {
    const objects = await prefixedObjects(
      'apiVersion: v1\nkind: Secret\nmetadata: {name: pull}\n---\napiVersion: services.example.com/v1\nkind: ServiceAccount\nmetadata: {name: api}\nsecrets: [{name: pull}]\n---\napiVersion: services.example.com/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: [""], resources: [secrets], resourceNames: [pull]}]\n',
    );
    expect(at(objects, 'Secret', 'metadata/name')).toBe('canary-pull');
    expect(at(objects, 'ServiceAccount', 'secrets/0/name')).toBe('pull');
    expect(at(objects, 'Role', 'rules/0/resourceNames/0')).toBe('pull');
  });

  it.each([
    ['the kind that an issuer is if none is written', '{name: ca}', 'canary-ca'],
    ['the kind that is written, of the group that is meant', '{name: ca, kind: Issuer}', 'canary-ca'],
    ['no kind of a group that is written', '{name: ca, group: awspca.cert-manager.io}', 'ca'],
  ])('goes before the issuer of a certificate by %s', async (_name, reference, expected) => {
    const objects = await prefixedObjects(
      `apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: ca}\n---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: web}\nspec: {issuerRef: ${reference}}\n`,
    );
    expect(at(objects, 'Certificate', 'spec/issuerRef/name')).toBe(expected);
  });

  it('goes before what a role names of every kind, by group and plural', async () => {
    const objects = await prefixedObjects(
      `${ack('Queue', 'jobs')}apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: [services.example.com], resources: [queues], resourceNames: [jobs, other]}]\n`,
    );
    expect(at(objects, 'Role', 'rules/0/resourceNames')).toEqual(['canary-jobs', 'other']);
  });

  it('respects the namespace of a reference', async () => {
    const objects = await prefixedObjects(`apiVersion: v1
kind: ServiceAccount
metadata: {name: api, namespace: other}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: api, namespace: shop-staging}, {kind: ServiceAccount, name: api, namespace: other}]
`);
    expect(at(objects, 'RoleBinding', 'subjects')).toEqual([
      { kind: 'ServiceAccount', name: 'api', namespace: 'shop-staging' },
      { kind: 'ServiceAccount', name: 'canary-api', namespace: 'other' },
    ]);
  });

  it("keeps the stencil's line for findings, with the formation's as a related one", async () => {
    const { objects } = await rendered({ 'stencils/config.yaml': neighbours, ...canary('canary-') }, target);
    expect(objects[0]?.positionAt('/metadata/name')).toMatchObject({ path: 'stencils/config.yaml', line: 3 });
    expect(objects[0]?.relatedTo('/metadata/name')).toEqual([
      { address: 'name-prefix', at: expect.objectContaining({ path: 'formations/canary.yaml', line: 5 }) },
    ]);
  });

  it('leaves patches to find objects by the names of the stencils', async () => {
    const files = canary('canary-');
    const formation = `${files['formations/canary.yaml']}  patches:\n    - {kind: ConfigMap, metadata: {name: settings}, data: {address: x}}\n`;
    const { objects } = await rendered(
      { 'stencils/config.yaml': neighbours, 'formations/canary.yaml': formation },
      target,
    );
    const settings = objects.find(({ object }) => object.metadata.name === 'canary-settings');
    expect(settings?.object['data']).toEqual({ address: 'x' });
  });

  it('may be a value, which addresses in stencils have too, and which is empty elsewhere', async () => {
    const files: Files = {
      ...canary('"${config.prefix}"'),
      'formations/next.yaml': `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: next}\nspec:\n  extends: canary\n  destinations: {main: {namespace: x}}\n`,
      'config/a.yaml': config('"*.*.prefix": ""\n"*.next.prefix": next-'),
      'stencils/config.yaml': configMap('address: "http://${config.prefix}api"', 'settings'),
    };
    for (const [formation, prefix] of Object.entries({ canary: '', next: 'next-' })) {
      const { objects } = await rendered(files, { formation, destination: 'main' });
      expect(objects[0]?.object).toMatchObject({
        metadata: { name: `${prefix}settings` },
        data: { address: `http://${prefix}api` },
      });
    }
  });

  it.each(['Canary-', '-x', '"a b"', '"${secret.x}"'])('cannot be %s', async prefix => {
    const files = {
      ...canary(prefix),
      'config/a.yaml':
        'apiVersion: slipway.dev/v1\nkind: Config\nspec: {secrets: {"*.*.x": {from: env, name: X}}}\n',
    };
    expect(await problemsOf(() => rendered(files, target))).toEqual([
      expect.stringMatching(/^name-prefix-invalid formations\/canary\.yaml:5:/),
    ]);
  });

  it('cannot make a name longer than Kubernetes takes', async () => {
    const stencil = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${'a'.repeat(250)}}\n`;
    expect(await problemsOf(() => prefixedObjects(stencil))).toEqual([
      expect.stringMatching(/^object-name-invalid stencils\/config\.yaml:3:/),
    ]);
  });
});

describe('two formations with the same objects in one namespace', () => {
  const both = [{ formation: 'production', destination: 'eu' }, target];
  const beside = (prefix: string, destination: string): Files => ({
    'stencils/config.yaml': neighbours,
    'formations/canary.yaml': `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: canary}\nspec:\n  destinations: {main: ${destination}}\n${prefix}`,
  });
  const warnings = async (files: Files): Promise<string[]> => {
    const repository = await shop(files);
    const { destinations } = await renderAll(repository, { targets: both });
    return sharedObjects(repository, destinations).map(
      ({ code, at, message }) => `${code} ${at?.path}:${at?.line}: ${message}`,
    );
  };

  it('cause one warning', async () => {
    expect(await warnings(beside('', '{namespace: shop, context: eu}'))).toEqual([
      'object-shared formations/canary.yaml:5: 19 objects of "canary/main", such as ServiceAccount "api", are also in "production/eu", which is in the same cluster',
    ]);
  });

  it('are distinguished by a name prefix, except for a Namespace', async () => {
    expect(await warnings(beside('  name-prefix: a-\n', '{namespace: shop, context: eu}'))).toEqual([
      expect.stringContaining('an object of "canary/main", such as Namespace "extra"'),
    ]);
  });

  it('cause a warning in two namespaces if they are cluster-scoped', async () => {
    expect(await warnings(beside('', '{namespace: other, context: eu}'))).toEqual([
      expect.stringContaining(
        '5 objects of "canary/main", such as StorageClass "fast", are also in "production/eu"',
      ),
    ]);
  });

  it.each(['{namespace: shop, context: us}', '{namespace: shop}'])(
    'have nothing to explain at %s',
    async destination => {
      expect(await warnings(beside('', destination))).toEqual([]);
    },
  );
});
