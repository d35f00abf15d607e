import { describe, expect, it } from '@jest/globals';
import {
  formatPointer,
  type JsonObject,
  type JsonValue,
  parsePack,
  stringifyJson,
  valueAt,
} from '@slipway/core';
import {
  isBuiltInGroup,
  isClusterScopedBuiltIn,
  type KubernetesObject,
  POD_REFERENCE_RULES,
  type PodReferenceRule,
} from '@slipway/kubernetes';
import { check, KUBERNETES_VERSIONS } from '@slipway/policy';
import { nameByContent } from '../packages/release/src/content/name-by-content.ts';
import { rendered } from '../packages/render/test/support/shop.ts';
import { secretNames } from '../packages/rollout/src/evidence/pod-secrets.ts';
import { podFields, schemaFiles } from './support/pod-schemas.ts';

/** Fields of a pod's spec that look as if they named an object, and why they do not. */
const notObjects: Readonly<Record<string, string>> = {
  hostname: 'of the pod',
  'evictionResponders/*/name': 'a controller',
  nodeName: 'no release has nodes',
  schedulerName: 'a program',
  'dnsConfig/options/*/name': 'an option of the resolver',
  'os/name': 'an operating system',
  'resourceClaims/*/name': 'of the claim within the pod',
  'resources/claims/*/name': 'of the claim within the pod',
  'schedulingGates/*/name': 'a gate',
  'securityContext/sysctls/*/name': 'a setting of the kernel',
  'securityContext/windowsOptions/gmsaCredentialSpecName': 'a custom resource of Windows nodes',
  'securityContext/windowsOptions/runAsUserName': 'a user',
  'volumes/*/name': 'of the volume within the pod',
  'volumes/*/azureDisk/diskName': 'of the cloud',
  'volumes/*/azureFile/shareName': 'of the cloud',
  'volumes/*/downwardAPI/items/*/resourceFieldRef/containerName': 'a container of the pod',
  'volumes/*/ephemeral/volumeClaimTemplate/metadata/generateName': 'of the claim that is made',
  'volumes/*/ephemeral/volumeClaimTemplate/metadata/name': 'of the claim that is made',
  'volumes/*/ephemeral/volumeClaimTemplate/metadata/ownerReferences/*/name': 'written by controllers',
  'volumes/*/ephemeral/volumeClaimTemplate/spec/dataSource/name': 'with its kind beside it',
  'volumes/*/ephemeral/volumeClaimTemplate/spec/dataSourceRef/name': 'with its kind beside it',
  'volumes/*/flocker/datasetName': 'of the storage',
  'volumes/*/gcePersistentDisk/pdName': 'of the cloud',
  'volumes/*/iscsi/initiatorName': 'of the storage',
  'volumes/*/projected/sources/*/downwardAPI/items/*/resourceFieldRef/containerName':
    'a container of the pod',
  'volumes/*/projected/sources/*/clusterTrustBundle/signerName': 'a signer',
  'volumes/*/projected/sources/*/podCertificate/signerName': 'a signer',
  'volumes/*/scaleIO/volumeName': 'of the storage',
  'volumes/*/storageos/volumeName': 'of the storage',
  'volumes/*/vsphereVolume/storagePolicyName': 'of the storage',
  'CONTAINER/env/*/name': 'a variable',
  'CONTAINER/env/*/valueFrom/fileKeyRef/volumeName': 'of the volume within the pod',
  'CONTAINER/env/*/valueFrom/resourceFieldRef/containerName': 'a container of the pod',
  'CONTAINER/name': 'of the container',
  'CONTAINER/ports/*/name': 'of the port',
  'CONTAINER/resizePolicy/*/resourceName': 'cpu or memory',
  'CONTAINER/resources/claims/*/name': 'of the claim within the pod',
  'CONTAINER/securityContext/windowsOptions/gmsaCredentialSpecName': 'a custom resource of Windows nodes',
  'CONTAINER/securityContext/windowsOptions/runAsUserName': 'a user',
  'CONTAINER/targetContainerName': 'a container of the pod',
  'CONTAINER/volumeDevices/*/name': 'of the volume within the pod',
  'CONTAINER/volumeMounts/*/name': 'of the volume within the pod',
};

/** Sources of volumes and of the environment that name no object at all. */
const namelessSources: ReadonlySet<string> = new Set([
  ...[
    'awsElasticBlockStore',
    'azureDisk',
    'downwardAPI',
    'emptyDir',
    'fc',
    'flocker',
    'gcePersistentDisk',
  ].map(volume => `volumes/*/${volume}`),
  ...['gitRepo', 'hostPath', 'image', 'nfs', 'photonPersistentDisk', 'portworxVolume', 'quobyte'].map(
    volume => `volumes/*/${volume}`,
  ),
  'volumes/*/vsphereVolume',
  ...['downwardAPI', 'podCertificate', 'serviceAccountToken'].map(
    source => `volumes/*/projected/sources/*/${source}`,
  ),
  ...['fieldRef', 'fileKeyRef', 'resourceFieldRef'].map(source => `CONTAINER/env/*/valueFrom/${source}`),
]);

const generic = (path: string): string =>
  path.replace(/^(?:containers|initContainers|ephemeralContainers)\/\*\//, 'CONTAINER/');
const known = new Set(POD_REFERENCE_RULES.map(({ path }) => generic(path.join('/'))));

/** The source that a field is of: the volume, the entry of a projected volume, the variable. */
function sourceOf(field: string): string | undefined {
  return (/^volumes\/\*\/projected\/sources\/\*\/\w+/.exec(field) ??
    /^volumes\/\*\/(?!name$|projected\/)\w+/.exec(field) ??
    /^CONTAINER\/env\/\*\/valueFrom\/\w+/.exec(field) ??
    /^CONTAINER\/envFrom\/\*\/(?!prefix$)\w+/.exec(field))?.[0];
}

describe.each(schemaFiles.map(file => [file.version, file] as const))(
  'of Kubernetes %s',
  (_version, file) => {
    const fields = [...new Set(podFields(file).map(generic))];

    it('every field of a pod that names something is in the table, or known not to be one', () => {
      const naming = fields.filter(
        field =>
          /(?:^|\/)(?:name|\w*Name|endpoints|serviceAccount)$/.test(field) &&
          !/httpHeaders\/\*\/name$/.test(field),
      );
      expect(naming.length).toBeGreaterThan(50);
      expect(naming.filter(field => !known.has(field) && notObjects[field] === undefined)).toEqual([]);
    });

    it('every source of a volume and of the environment is in the table, or names nothing', () => {
      const sources = [...new Set(fields.flatMap(field => sourceOf(field) ?? []))];
      expect(sources.length).toBeGreaterThan(35);
      const named = (source: string): boolean => [...known].some(path => path.startsWith(`${source}/`));
      expect(sources.filter(source => !named(source) && !namelessSources.has(source))).toEqual([]);
    });

    it('every API group is a built-in one', () => {
      const groups = Object.keys(file.kinds).map(version => version.replace(/\/?[^/]*$/, ''));
      expect([...new Set(groups)].filter(group => !isBuiltInGroup(group))).toEqual([]);
    });

    it('every kind without a namespace is known as one', () => {
      const found = Object.entries(file.kinds).flatMap(([apiVersion, kinds]) =>
        Object.entries(kinds)
          .filter(
            ([kind, [, , namespaced]]) => (namespaced === 0) !== isClusterScopedBuiltIn({ apiVersion, kind }),
          )
          .map(([kind]) => `${apiVersion} ${kind}`),
      );
      expect(found).toEqual([]);
    });
  },
);

/** A spec that names `name` at one row of the table, and nothing else. */
function specNaming({ path }: PodReferenceRule, name: string): JsonObject {
  const nested = path.reduceRight<JsonValue>(
    (inner, step) => (step === '*' ? [inner] : { [step]: inner }),
    name,
  );
  return nested as JsonObject;
}

function workload(spec: JsonObject, name: string): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec },
    },
  };
}

const rows = POD_REFERENCE_RULES.map(rule => [rule.path.join('/'), rule] as const);
const pointerOf = ({ path }: PodReferenceRule): string =>
  formatPointer(['spec', 'template', 'spec', ...path.map(step => (step === '*' ? 0 : step))]);
const ofKind = (...kinds: string[]) => rows.filter(([, { kind }]) => kinds.includes(kind));

describe('what a pod names', () => {
  it('is in some version of Kubernetes', () => {
    const all = new Set(schemaFiles.flatMap(podFields));
    expect(rows.map(([path]) => path).filter(path => !all.has(path))).toEqual([]);
  });

  it.each(ofKind('Secret'))('is masked in logs: %s', (_path, rule) => {
    expect(secretNames(workloadPod(specNaming(rule, 'wanted')))).toEqual(['wanted']);
  });

  it.each(ofKind('ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim'))(
    'is missed by the pack "references": %s',
    async (_path, rule) => {
      const found = await check({
        objects: [{ object: workload(specNaming(rule, 'wanted'), 'api') }],
        policies: [],
        packs: [parsePack('references')],
        kubernetesVersion: KUBERNETES_VERSIONS.at(-1) ?? '',
        namespace: 'shop',
      });
      const missing = found.filter(finding => finding.rule.startsWith('references/missing-'));
      expect(missing.map(({ pointer, message }) => [pointer, message])).toContainEqual([
        pointerOf(rule),
        `there is no ${rule.kind} "wanted" among these manifests`,
      ]);
    },
  );

  it.each(ofKind('ConfigMap', 'Secret'))('follows the name of its content: %s', (_path, rule) => {
    const content: KubernetesObject = {
      apiVersion: 'v1',
      kind: rule.kind,
      metadata: { name: 'wanted', namespace: 'shop' },
      data: { a: 'MQ==' },
    };
    const user = workload(specNaming(rule, 'wanted'), 'api');
    const { objects } = nameByContent(
      [content, user].map(object => ({ object, source: object })),
      {
        identity: {
          application: 'shop',
          formation: 'staging',
          namespace: 'shop',
          destination: 'main',
          repository: 'acme/shop',
        },
        seals: [],
        key: { bytes: Buffer.alloc(32), kept: true },
        unseal: undefined,
        versionOf: () => undefined,
      },
    );
    const [named, referring] = objects.map(({ object }) => object);
    expect(named?.metadata.name).toMatch(/^wanted-[0-9a-f]{10}$/);
    expect(valueAt(referring ?? null, pointerOf(rule).slice(1).split('/'))).toBe(named?.metadata.name);
  });

  it('follows a prefix of names, every row of it', async () => {
    const named = new Map(
      POD_REFERENCE_RULES.map(({ kind, group }) => [
        kind,
        { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata: { name: 'wanted' } },
      ]),
    );
    const users = POD_REFERENCE_RULES.map((rule, index) =>
      workload(specNaming(rule, 'wanted'), `user-${index}`),
    );
    const withoutNamespace = users.map(({ metadata: { namespace: _namespace, ...metadata }, ...user }) => ({
      ...user,
      metadata,
    }));
    const stencil = [...named.values(), ...withoutNamespace]
      .map(object => stringifyJson(object))
      .join('\n---\n');
    const { objects } = await rendered(
      {
        'stencils/config.yaml': stencil,
        'formations/canary.yaml':
          'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: canary}\nspec:\n  name-prefix: canary-\n  destinations: {main: {namespace: shop}}\n',
      },
      { formation: 'canary', destination: 'main' },
    );
    const unprefixed = POD_REFERENCE_RULES.filter((rule, index) => {
      const user = objects.find(({ object }) => object.metadata.name === `canary-user-${index}`)?.object;
      return valueAt(user ?? null, pointerOf(rule).slice(1).split('/')) !== 'canary-wanted';
    });
    expect(unprefixed.map(({ path }) => path.join('/'))).toEqual([]);
  });
});

function workloadPod(spec: JsonObject): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api', namespace: 'shop' }, spec };
}
