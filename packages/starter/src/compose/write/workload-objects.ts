import { quote } from '@slipway/core';
import { ORDER } from '@slipway/kubernetes';
import type { Remark } from '../../proposal/contribution.ts';
import { type MarkedObject, type MarkedValue, marked } from '../../stencils/marked-yaml.ts';
import type { ContainerUser } from '../../stencils/workload.ts';
import { type ComposeWorkload, lostData, userOf } from './compose-workload.ts';
import { container } from './container-object.ts';
import { mountsOf } from './mounts.ts';
import { portsOf } from './named-ports.ts';

/** The objects of a service, and what a person has to know of them. */
export function workloadObjects(
  workload: ComposeWorkload,
  claims: readonly string[],
): { readonly objects: readonly MarkedObject[]; readonly remarks: readonly Remark[] } {
  const { user, remarks } = userOf(workload.service, workload.image);
  const main = workload.endsByItself ? job(workload, user) : deployment(workload, user);
  const service = workload.endsByItself ? undefined : serviceObject(workload);
  const objects = [
    main,
    ...(service === undefined ? [] : [service]),
    ...(!workload.endsByItself && replicasOf(workload) > 1 ? [budget(workload)] : []),
    ...claims.map(claim),
  ];
  return { objects, remarks: [...remarks, ...remarksOn(workload)] };
}

/** What a person has to decide before a release does what the compose file did. */
function remarksOn({ service, image, endsByItself }: ComposeWorkload): Remark[] {
  const { name, at, health, ports, replicas = 1 } = service;
  const note = (message: string, remedy: string): Remark => ({ kind: 'note', at, message, remedy });
  const lost = image.isGenerated ? undefined : lostData(service);
  const isAsked = health !== undefined || portsOf({ ports, known: image.port }).length > 0;
  return [
    ...(lost === undefined
      ? []
      : [
          note(
            `what the service ${quote(name)} keeps in ${lost} is lost with its pod`,
            'give it a volume with a name',
          ),
        ]),
    ...(replicas > replicasOf({ service, image })
      ? [
          note(
            `the service ${quote(name)} has ${replicas} replicas and a claim, which only pods of one node can use, so it gets one`,
            'give it storage that several nodes can write, and more replicas',
          ),
        ]
      : []),
    ...(isAsked || endsByItself
      ? []
      : [
          note(
            `the service ${quote(name)} has neither a port nor a healthcheck, so nothing says when it works, which the rules ask for`,
            'give it a healthcheck, or probes in the stencil',
          ),
        ]),
  ];
}

/** What keeps data has one pod, which ends before the next one starts. */
function replicasOf({ service, image }: Pick<ComposeWorkload, 'service' | 'image'>): number {
  if (service.volumes.some(volume => volume.claim !== undefined)) return 1;
  return service.replicas ?? (service.build === undefined && !image.isGenerated ? 1 : 2);
}

function deployment(workload: ComposeWorkload, user: ContainerUser): MarkedObject {
  const { name, volumes } = workload.service;
  const keepsData = volumes.some(volume => volume.claim !== undefined);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(workload),
    spec: {
      replicas: replicasOf(workload),
      strategy: keepsData ? { type: 'Recreate' } : undefined,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: pod(workload, user) },
    },
  };
}

function job(workload: ComposeWorkload, user: ContainerUser): MarkedObject {
  const { name } = workload.service;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(workload),
    spec: {
      backoffLimit: 3,
      template: {
        metadata: { labels: { app: name } },
        spec: { restartPolicy: 'Never', ...pod(workload, user) },
      },
    },
  };
}

function metadata({ service: { name }, order }: ComposeWorkload): MarkedObject {
  return {
    name,
    labels: { app: name },
    annotations: order === 0 ? undefined : { [ORDER]: String(order) },
  };
}

function pod(workload: ComposeWorkload, user: ContainerUser): MarkedObject {
  const { graceSeconds } = workload.service;
  const { volumes } = mountsOf(workload);
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: graceSeconds,
    securityContext: { ...identity(user), seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(workload)],
    volumes: volumes.length === 0 ? undefined : volumes,
  };
}

function identity({ id, guess }: ContainerUser): MarkedObject {
  if (id === undefined) return { runAsNonRoot: marked(true, guess) };
  return { runAsNonRoot: true, runAsUser: marked(id, guess), fsGroup: id };
}

/** Others reach a service by its name on each of its ports. One without a known port has its name all the same. */
function serviceObject({
  service: { name, ports },
  image,
  isNamed,
}: ComposeWorkload): MarkedObject | undefined {
  const all = portsOf({ ports, known: image.port });
  if (all.length === 0 && !isNamed) return undefined;
  const spec: MarkedObject =
    all.length === 0
      ? { clusterIP: marked('None', 'no port is known, so that its name leads to its pods on every port') }
      : {
          ports: all.map(({ name: port, number, protocol }) => ({
            name: port,
            port: number,
            targetPort: port,
            ...(protocol === 'UDP' ? { protocol } : {}),
          })),
        };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { app: name } },
    spec: { selector: { app: name }, ...spec },
  };
}

function budget({ service: { name } }: ComposeWorkload): MarkedObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, labels: { app: name } },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: name } } },
  };
}

function claim(name: string): MarkedObject {
  const storage: MarkedValue = marked(
    '1Gi',
    'set it to what the data needs; it can be made larger, and not smaller',
  );
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  };
}
