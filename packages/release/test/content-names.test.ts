import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { nameByContent } from '../src/content/name-by-content.ts';

/**
 * Which contents are named by their hash, and what becomes of the objects that refer to them: a name that changes here restarts the
 * pods of everyone who updates Slipway. Written before the table of what a pod names was shared, and never changed since.
 */
const identity = {
  application: 'shop',
  formation: 'staging',
  namespace: 'shop',
  destination: 'main',
  repository: 'acme/shop',
};

const object = (apiVersion: string, kind: string, name: string, others: JsonObject): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  ...others,
});

const contents = [
  object('v1', 'ConfigMap', 'settings', { data: { a: '1' } }),
  object('v1', 'Secret', 'password', { stringData: { password: 'pass' } }),
];

/** What the contents are called once `user` is beside them, and the hash of what `user` is then. */
function namesBeside(user: KubernetesObject): string {
  const { objects } = nameByContent(
    [...contents, user].map(given => ({ object: given, source: given })),
    {
      identity,
      seals: [],
      key: { bytes: Buffer.alloc(32, 7), kept: true },
      unseal: undefined,
      versionOf: () => undefined,
    },
  );
  const [settings, password, named] = objects.map(given => given.object);
  const hash = createHash('sha256')
    .update(canonicalJson(named as JsonValue))
    .digest('hex');
  return [settings?.metadata.name, password?.metadata.name, hash.slice(0, 12)].join(' ');
}

const image = 'ghcr.io/acme/api:1';
const container = (more: JsonObject): JsonObject => ({ containers: [{ name: 'main', image, ...more }] });
const volume = (source: JsonObject): JsonObject => ({
  ...container({}),
  volumes: [{ name: 'v', ...source }],
});
const deployment = (spec: JsonObject): KubernetesObject =>
  object('apps/v1', 'Deployment', 'api', {
    spec: {
      selector: { matchLabels: { app: 'api' } },
      template: { metadata: { labels: { app: 'api' } }, spec },
    },
  });

const both = container({
  envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'password' } }],
});
const template = { metadata: { labels: { app: 'api' } }, spec: both };

const bySource: Readonly<Record<string, readonly [spec: JsonObject, expected: string]>> = {
  'env of a ConfigMap': [
    container({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }] }),
    'settings-1cd18e557f password 97271e02dbab',
  ],
  'env of a Secret': [
    container({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'password', key: 'password' } } }] }),
    'settings password-159f2cb34a 3790459f1fe2',
  ],
  'envFrom of a ConfigMap': [
    container({ envFrom: [{ configMapRef: { name: 'settings' } }] }),
    'settings-1cd18e557f password 274906586178',
  ],
  'envFrom of a Secret': [
    container({ envFrom: [{ secretRef: { name: 'password', optional: true } }] }),
    'settings password-159f2cb34a 0e01fde56a09',
  ],
  'env of an init container': [
    {
      ...container({}),
      initContainers: [{ name: 'init', image, envFrom: [{ secretRef: { name: 'password' } }] }],
    },
    'settings password-159f2cb34a de341aec00c0',
  ],
  'a volume of a ConfigMap': [
    volume({ configMap: { name: 'settings' } }),
    'settings-1cd18e557f password 166c45531628',
  ],
  'a volume of a Secret': [
    volume({ secret: { secretName: 'password' } }),
    'settings password-159f2cb34a 38ed590dfc00',
  ],
  'a projected ConfigMap': [
    volume({ projected: { sources: [{ configMap: { name: 'settings' } }] } }),
    'settings-1cd18e557f password 962fea5e8228',
  ],
  'a projected Secret': [
    volume({ projected: { sources: [{ secret: { name: 'password' } }] } }),
    'settings password-159f2cb34a 788cb92487d8',
  ],
  'a CSI volume': [
    volume({ csi: { driver: 'd', nodePublishSecretRef: { name: 'password' } } }),
    'settings password-159f2cb34a 954023af5ebe',
  ],
  'a CSI volume that mentions a Secret': [
    volume({ csi: { driver: 'd', volumeAttributes: { secretName: 'password' } } }),
    'settings password eb6c9376d488',
  ],
  'an azureFile volume': [
    volume({ azureFile: { secretName: 'password', shareName: 's' } }),
    'settings password-159f2cb34a 10d4b3cec243',
  ],
  'a cephfs volume': [
    volume({ cephfs: { monitors: ['m'], secretRef: { name: 'password' } } }),
    'settings password-159f2cb34a 52821dbbf427',
  ],
  'a cinder volume': [
    volume({ cinder: { volumeID: 'i', secretRef: { name: 'password' } } }),
    'settings password-159f2cb34a 2dfcf6ba5071',
  ],
  'a flexVolume': [
    volume({ flexVolume: { driver: 'd', secretRef: { name: 'password' } } }),
    'settings password-159f2cb34a 302f1e854232',
  ],
  'an iscsi volume': [
    volume({ iscsi: { targetPortal: 't', iqn: 'i', lun: 0, secretRef: { name: 'password' } } }),
    'settings password-159f2cb34a cddd80119710',
  ],
  'an rbd volume': [
    volume({ rbd: { monitors: ['m'], image: 'i', secretRef: { name: 'password' } } }),
    'settings password-159f2cb34a 3ada3748dbf5',
  ],
  'a scaleIO volume': [
    volume({ scaleIO: { gateway: 'g', system: 's', secretRef: { name: 'password' } } }),
    'settings password-159f2cb34a d9f1c01d1f12',
  ],
  'a storageos volume': [
    volume({ storageos: { volumeName: 'n', secretRef: { name: 'password' } } }),
    'settings password-159f2cb34a d02144954627',
  ],
  'a pull secret': [
    { ...container({}), imagePullSecrets: [{ name: 'password' }] },
    'settings password-159f2cb34a fe5ee5e39a8c',
  ],
  'an argument that mentions both': [
    container({ args: ['--config=settings', '--secret=password'] }),
    'settings password d898b4ad1c9d',
  ],
  'a claim and an account of the same name': [
    {
      ...volume({ persistentVolumeClaim: { claimName: 'settings' } }),
      serviceAccountName: 'password',
    },
    'settings password 6d725830cfb7',
  ],
};

const byUser: Readonly<Record<string, readonly [user: KubernetesObject, expected: string]>> = {
  'a Deployment': [
    deployment(both),
    'settings-1cd18e557f password-159f2cb34a 84308cdab668 settings-1cd18e557f password-159f2cb34a',
  ],
  'a StatefulSet': [
    object('apps/v1', 'StatefulSet', 'api', { spec: { template } }),
    'settings-1cd18e557f password-159f2cb34a 3f5704547353 settings-1cd18e557f password-159f2cb34a',
  ],
  'a DaemonSet': [
    object('apps/v1', 'DaemonSet', 'api', { spec: { template } }),
    'settings-1cd18e557f password-159f2cb34a 8b85f026e781 settings-1cd18e557f password-159f2cb34a',
  ],
  'a ReplicaSet': [
    object('apps/v1', 'ReplicaSet', 'api', { spec: { template } }),
    'settings-1cd18e557f password-159f2cb34a 5dabf99e6a06 settings-1cd18e557f password-159f2cb34a',
  ],
  'a ReplicationController': [
    object('v1', 'ReplicationController', 'api', { spec: { template } }),
    'settings-1cd18e557f password-159f2cb34a 5132c37c43ca settings-1cd18e557f password-159f2cb34a',
  ],
  'a PodTemplate': [
    object('v1', 'PodTemplate', 'api', { template }),
    'settings-1cd18e557f password-159f2cb34a 68eb78b1f4eb settings-1cd18e557f password-159f2cb34a',
  ],
  'a Job': [
    object('batch/v1', 'Job', 'api', { spec: { template } }),
    'settings-1cd18e557f password-159f2cb34a f5fdf73e8e87 settings-1cd18e557f password-159f2cb34a',
  ],
  'a CronJob': [
    object('batch/v1', 'CronJob', 'api', { spec: { jobTemplate: { spec: { template } } } }),
    'settings-1cd18e557f password-159f2cb34a 0e43b36a4f95 settings-1cd18e557f password-159f2cb34a',
  ],
  'a Pod': [object('v1', 'Pod', 'api', { spec: both }), 'settings password 8d12cec34bc8 settings password'],
  "Argo's Rollout": [
    object('argoproj.io/v1alpha1', 'Rollout', 'api', { spec: { template } }),
    'settings password 70c9a9d90cc6 settings password',
  ],
  'a StatefulSet of another project': [
    object('apps.kruise.io/v1beta1', 'StatefulSet', 'api', { spec: { template } }),
    'settings password 1a322b04a1fc settings password',
  ],
  "Knative's Service": [
    object('serving.knative.dev/v1', 'Service', 'api', { spec: { template } }),
    'settings password 47027693b298 settings password',
  ],
  'a ServiceAccount': [
    object('v1', 'ServiceAccount', 'api', {
      secrets: [{ name: 'password' }],
      imagePullSecrets: [{ name: 'settings' }],
    }),
    'settings password d2768a0c18fe settings password',
  ],
  'an Ingress': [
    object('networking.k8s.io/v1', 'Ingress', 'api', { spec: { tls: [{ secretName: 'password' }] } }),
    'settings password 27a38de8a671 settings-1cd18e557f password',
  ],
  'a Gateway': [
    object('gateway.networking.k8s.io/v1', 'Gateway', 'api', {
      spec: { listeners: [{ name: 'a', tls: { certificateRefs: [{ name: 'password' }] } }] },
    }),
    'settings password 002e05cecc63 settings-1cd18e557f password',
  ],
  'a snapshot class with parameters': [
    object('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass', 'api', {
      parameters: { secret: 'password' },
    }),
    'settings password efc1b0599085 settings-1cd18e557f password',
  ],
  'a migration of stored versions': [
    object('storagemigration.k8s.io/v1alpha1', 'StorageVersionMigration', 'api', {
      spec: { resource: { group: '', version: 'v1', resource: 'secrets' } },
    }),
    'settings password 005c91d41123 settings-1cd18e557f password-159f2cb34a',
  ],
  'a HorizontalPodAutoscaler': [
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'api', {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'settings' } },
    }),
    'settings password a299ca89383f settings-1cd18e557f password-159f2cb34a',
  ],
};

/** A Deployment that refers to both, beside `user`, so that only what `user` mentions decides. */
function namesBesideBoth(user: KubernetesObject): string {
  const { objects } = nameByContent(
    [...contents, deployment(both), { ...user, metadata: { ...user.metadata, name: 'other' } }].map(
      given => ({ object: given, source: given }),
    ),
    {
      identity,
      seals: [],
      key: { bytes: Buffer.alloc(32, 7), kept: true },
      unseal: undefined,
      versionOf: () => undefined,
    },
  );
  return objects
    .slice(0, 2)
    .map(given => given.object.metadata.name)
    .join(' ');
}

describe('the names of contents never change', () => {
  it.each(Object.entries(bySource))('beside a Deployment with %s', (_title, [spec, expected]) => {
    expect(namesBeside(deployment(spec))).toBe(expected);
  });

  it.each(Object.entries(byUser))('beside %s', (_title, [user, expected]) => {
    expect(`${namesBeside(user)} ${namesBesideBoth(user)}`).toBe(expected);
  });
});
