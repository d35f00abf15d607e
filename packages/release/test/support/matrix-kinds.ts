import type { JsonObject } from '@slipway/core';

/** What a change does to the manifest that was written before. */
export const CHANGES = ['same', 'other', 'less'] as const;

interface MatrixKind {
  readonly before: JsonObject;
  /** By change; an object that is not named stays the same. */
  readonly after: Readonly<Record<string, JsonObject>>;
}

const manifest = (apiVersion: string, kind: string, name: string, rest: JsonObject): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
});

const kindOf = (make: (more: string) => JsonObject): MatrixKind => ({
  before: make('more'),
  after: { same: make('more'), other: make('other'), less: make('less') },
});

const isMore = (change: string): boolean => change !== 'less';

const template = (name: string, change: string): JsonObject => ({
  metadata: { labels: { app: name } },
  spec: {
    containers: [
      {
        name: 'app',
        image: change === 'other' ? 'registry.example/app:2' : 'registry.example/app:1',
        ports: [{ name: 'http', containerPort: 80 }],
        ...(isMore(change) ? { env: [{ name: 'DEBUG', value: '1' }] } : {}),
      },
      ...(isMore(change) ? [{ name: 'sidecar', image: 'registry.example/sidecar:1' }] : []),
    ],
  },
});

const workload = (kind: string, name: string, spec: JsonObject): MatrixKind =>
  kindOf(change =>
    manifest('apps/v1', kind, name, {
      spec: { selector: { matchLabels: { app: name } }, template: template(name, change), ...spec },
    }),
  );

/** One object for each kind and way to hold its pods, as someone else wrote it, and as the formation has it. */
export const KINDS: readonly MatrixKind[] = [
  kindOf(change =>
    manifest('v1', 'ConfigMap', 'settings', {
      data: { level: change === 'other' ? 'debug' : 'info', ...(isMore(change) ? { debug: '1' } : {}) },
    }),
  ),
  kindOf(change =>
    manifest('v1', 'Service', 'web', {
      spec: {
        selector: { app: 'web' },
        ports: [
          { name: 'http', port: 80, targetPort: change === 'other' ? 8080 : 80 },
          ...(isMore(change) ? [{ name: 'debug', port: 5005 }] : []),
        ],
      },
    }),
  ),
  workload('Deployment', 'web', { replicas: 2 }),
  workload('Deployment', 'held', { replicas: 2, paused: true }),
  workload('StatefulSet', 'data', { replicas: 1, serviceName: 'web' }),
  workload('StatefulSet', 'held', { replicas: 1, serviceName: 'web', updateStrategy: { type: 'OnDelete' } }),
  workload('StatefulSet', 'held-back', {
    replicas: 1,
    serviceName: 'web',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
  }),
  workload('DaemonSet', 'agent', {}),
  workload('DaemonSet', 'held', { updateStrategy: { type: 'OnDelete' } }),
  kindOf(change =>
    manifest('v1', 'ServiceAccount', 'web', {
      automountServiceAccountToken: change === 'other',
      ...(isMore(change) ? { imagePullSecrets: [{ name: 'registry' }] } : {}),
    }),
  ),
  kindOf(change =>
    manifest('rbac.authorization.k8s.io/v1', 'Role', 'web', {
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: change === 'other' ? ['get', 'list'] : ['get'] },
        ...(isMore(change) ? [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] : []),
      ],
    }),
  ),
  kindOf(change =>
    manifest('networking.k8s.io/v1', 'NetworkPolicy', 'web', {
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        ingress: [
          { ports: [{ port: change === 'other' ? 8080 : 80 }, ...(isMore(change) ? [{ port: 5005 }] : [])] },
        ],
      },
    }),
  ),
  kindOf(change =>
    manifest('batch/v1', 'CronJob', 'clean', {
      spec: {
        schedule: change === 'other' ? '0 3 * * *' : '0 2 * * *',
        ...(isMore(change) ? { startingDeadlineSeconds: 60 } : {}),
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [{ name: 'app', image: 'registry.example/app:1' }],
              },
            },
          },
        },
      },
    }),
  ),
  kindOf(change =>
    manifest('policy/v1', 'PodDisruptionBudget', 'web', {
      spec: {
        maxUnavailable: change === 'other' ? 2 : 1,
        selector: { matchLabels: { app: 'web' } },
        ...(isMore(change) ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' } : {}),
      },
    }),
  ),
];
