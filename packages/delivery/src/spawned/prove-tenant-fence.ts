import type { ClusterClient } from '@slipway/cluster';
import { defined, type JsonObject, quote } from '@slipway/core';
import { accessReview } from '@slipway/kubernetes';
import { mustBeRefused } from './must-be-refused.ts';

type Client = Pick<ClusterClient, 'create' | 'review'>;

const NAME = 'slipway-fence';

/** What an instance must not have, of a kind. */
interface Forbidden {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  /** What it would do, as the end of a sentence that begins with who does it. */
  readonly what: string;
  readonly metadata?: JsonObject;
  /** Absent for a kind without one. */
  readonly spec?: JsonObject;
}

/**
 * Proves that what the tenant writes into the namespace of an instance is fenced in, before it deploys: what the policies of
 * examples/roles/spawner.yaml for it must refuse is asked for by dry runs. A kind that this login may not create is refused already.
 * @throws SlipwayError `fence-missing` if one would be done, `fence-unknown` for any other answer
 */
export async function proveTenantFence(client: Client, namespace: string): Promise<void> {
  for (const { group, resource, kind, what, metadata = {}, spec } of FORBIDDEN) {
    const right = await client.review(accessReview({ group, resource, verb: 'create', namespace }));
    if (right['allowed'] !== true) continue;
    const apiVersion = group === '' ? 'v1' : `${group}/v1`;
    const named = { ...metadata, name: NAME, namespace };
    const object = { apiVersion, kind, metadata: named, ...defined({ spec }) };
    await mustBeRefused(
      `${what} in the namespace ${quote(namespace)}`,
      () => client.create(object, { dryRun: true }),
      REMEDIES,
    );
  }
}

const REMEDIES = {
  missing:
    'let an administrator apply examples/roles/spawner.yaml with the values of this formation: its policies for the tenant, their bindings, and the ConfigMap, whose tenant must be this login',
  unknown: 'correct what it says, and run the job again; nothing was deployed',
  forbidden:
    'give this login the rights that examples/roles/spawner.yaml has for the tenant, and run the job again',
};

/** A name that belongs to no one (RFC 2606). */
const FOREIGN = 'foreign.invalid';
const UNLISTED = { 'foreign.invalid/unlisted': 'true' };
const PORTS = { ports: [{ port: 80 }] };
const INGRESS = { group: 'networking.k8s.io', resource: 'ingresses', kind: 'Ingress' };
const SERVICE = { group: '', resource: 'services', kind: 'Service' };

const labels = { app: NAME };
const template = {
  metadata: { labels },
  spec: {
    priorityClassName: 'system-node-critical',
    restartPolicy: 'Always',
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: NAME,
        image: `${FOREIGN}/none:none`,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
};
const once = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
const ofAll = { selector: { matchLabels: labels }, template };

const FORBIDDEN: readonly Forbidden[] = [
  {
    ...{ group: '', resource: 'configmaps', kind: 'ConfigMap' },
    what: 'keep a ConfigMap by a finalizer',
    metadata: { finalizers: [`${FOREIGN}/kept`] },
  },
  {
    ...INGRESS,
    what: 'ask for a host of others by an Ingress',
    spec: {
      rules: [
        {
          host: FOREIGN,
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: NAME, port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  },
  {
    ...SERVICE,
    what: 'lead a Service to another name',
    spec: { type: 'ExternalName', externalName: FOREIGN },
  },
  {
    ...SERVICE,
    what: 'give a Service an annotation that no one listed',
    metadata: { annotations: UNLISTED },
    spec: { selector: labels, ...PORTS },
  },
  ...(
    [
      ['apps', 'deployments', 'Deployment', ofAll],
      ['apps', 'statefulsets', 'StatefulSet', { serviceName: NAME, ...ofAll }],
      ['apps', 'daemonsets', 'DaemonSet', ofAll],
      ['batch', 'jobs', 'Job', { template: once }],
      ['batch', 'cronjobs', 'CronJob', { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: once } } }],
    ] as const
  ).map(([group, resource, kind, spec]) => ({
    ...{ group, resource, kind, spec },
    what: `give pods of a ${kind} the priority of the system`,
  })),
];
