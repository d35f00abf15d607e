import type { JsonObject, JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** Numbers from 0 to 1, the same ones for a seed (mulberry32). */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;

/** Some of the values in any order. */
function some<T>(random: Random, values: readonly T[]): T[] {
  const shuffled = values.map(value => ({ value, at: random() })).sort((a, b) => a.at - b.at);
  return shuffled.slice(0, 1 + Math.floor(random() * values.length)).map(({ value }) => value);
}

/** A field that is there or not. */
const maybe = (random: Random, field: JsonObject): JsonObject => (random() < 0.5 ? field : {});

/** A list of an object, and how it is filled. */
export interface RandomList {
  /** `Deployment tolerations`. */
  readonly title: string;
  /** The path to what the list is compared in; other parts of the object are the server's. */
  readonly path: readonly string[];
  readonly manifest: (name: string, random: Random) => JsonObject;
}

const meta = (name: string): JsonObject => ({ name, labels: { app: name } });

function podList(field: string, spec: (random: Random) => JsonObject): RandomList {
  return {
    title: `Deployment ${field}`,
    path: ['spec', 'template', 'spec'],
    manifest: (name, random) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'main', image: 'main:1' }], ...spec(random) },
        },
      },
    }),
  };
}

const containerList = (
  field: string,
  container: (random: Random) => JsonObject,
  spec: JsonObject = {},
): RandomList =>
  podList(field, random => ({
    ...spec,
    containers: [{ name: 'main', image: 'main:1', ...container(random) }],
  }));

function list(
  apiVersion: string,
  kind: string,
  field: string,
  path: readonly string[],
  body: (random: Random) => JsonObject,
): RandomList {
  const manifest = (name: string, random: Random): JsonObject => {
    const { metadata = {}, ...rest } = body(random) as { metadata?: JsonObject };
    return { apiVersion, kind, metadata: { ...meta(name), ...metadata }, ...rest };
  };
  return { title: `${kind} ${field}`, path, manifest };
}

const containerOf = (random: Random, name: string): JsonObject => ({
  name,
  image: `${name}:${pick(random, [1, 2])}`,
  ...maybe(random, { resources: { limits: { cpu: pick(random, ['1', '1000m', '500m']), memory: '1Gi' } } }),
});

const named = (random: Random, name: string): JsonObject => ({
  name,
  value: pick(random, ['1', '2', '$(A)']),
});

const protocols = (random: Random): JsonObject => pick(random, [{}, { protocol: 'TCP' }]);

/** The same port in both protocols, the default one written out or not. */
const bothProtocols = (random: Random, field: string): JsonObject[] =>
  some(random, [
    { [field]: 53, name: 'a', ...protocols(random) },
    { [field]: 53, name: 'b', protocol: 'UDP' },
    { [field]: 80, name: 'c', ...protocols(random) },
    { [field]: 80, name: 'd', protocol: 'UDP' },
  ]);

const policyPorts = (random: Random): JsonObject[] =>
  some(random, [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
    { port: 'web', ...protocols(random) },
    { port: 80, endPort: 90, protocol: 'TCP' },
  ]);

const policyList = (field: string, spec: (random: Random) => JsonObject): RandomList =>
  list('networking.k8s.io/v1', 'NetworkPolicy', field, ['spec'], random => ({
    spec: { podSelector: {}, ...spec(random) },
  }));

const VOLUMES = { volumes: ['v', 'w'].map(name => ({ name, emptyDir: {} })) };

const PODS: readonly RandomList[] = [
  podList('containers', random => ({
    containers: some(random, ['main', 'b', 'c']).map(name => containerOf(random, name)),
  })),
  podList('initContainers', random => ({
    initContainers: some(random, ['migrate', 'seed', 'wait']).map(name => containerOf(random, name)),
  })),
  podList('tolerations', random => ({
    tolerations: some(random, ['NoSchedule', 'NoExecute', 'PreferNoSchedule']).map(effect => ({
      key: pick(random, ['spot', 'spot', 'gpu']),
      operator: 'Exists',
      effect,
    })),
  })),
  podList('topologySpreadConstraints', random => ({
    topologySpreadConstraints: some(random, ['DoNotSchedule', 'ScheduleAnyway']).map(whenUnsatisfiable => ({
      topologyKey: 'zone',
      whenUnsatisfiable,
      maxSkew: pick(random, [1, 2]),
      labelSelector: { matchLabels: { app: 'a' } },
    })),
  })),
  podList('volumes', random => ({
    volumes: some(random, ['v', 'w', 'x']).map(name => ({
      name,
      ...pick<JsonObject>(random, [
        { emptyDir: {} },
        { emptyDir: { sizeLimit: '1024Mi' } },
        { configMap: { name: 'c' } },
      ]),
    })),
  })),
  podList('configMap items', random => ({
    volumes: [
      {
        name: 'v',
        configMap: { name: 'c', items: some(random, ['a', 'b', 'c']).map(key => ({ key, path: key })) },
      },
    ],
  })),
  podList('projected sources', random => ({
    volumes: [
      {
        name: 'v',
        projected: {
          sources: some(random, ['a', 'b', 'c']).map(name => ({
            [pick(random, ['configMap', 'secret'])]: { name },
          })),
        },
      },
    ],
  })),
  podList('hostAliases', random => ({
    hostAliases: some(random, ['10.0.0.1', '10.0.0.2', '10.0.0.3']).map(ip => ({
      ip,
      hostnames: some(random, ['a', 'b', 'c']),
    })),
  })),
  podList('imagePullSecrets', random => ({
    imagePullSecrets: some(random, ['a', 'b', 'c']).map(name => ({ name })),
  })),
  podList('readinessGates', random => ({
    readinessGates: some(random, ['acme.example/a', 'acme.example/b']).map(conditionType => ({
      conditionType,
    })),
  })),
  podList('supplementalGroups', random => ({
    securityContext: { supplementalGroups: some(random, [1, 2, 3]) },
  })),
  podList('podAntiAffinity', random => ({
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: some(random, [1, 2, 3]).map(weight => ({
          weight,
          podAffinityTerm: {
            topologyKey: 'zone',
            labelSelector: { matchLabels: { app: pick(random, ['a', 'b']) } },
          },
        })),
      },
    },
  })),
  containerList('env', random => ({
    env: some(random, ['A', 'B', 'C', 'D']).map(name => named(random, name)),
  })),
  containerList('envFrom', random => ({
    envFrom: some(random, ['a', 'b', 'c']).map(name => ({
      [pick(random, ['configMapRef', 'secretRef'])]: { name },
    })),
  })),
  containerList('ports', random => ({ ports: bothProtocols(random, 'containerPort') })),
  containerList(
    'volumeMounts',
    random => ({
      volumeMounts: some(random, ['/a', '/b', '/c']).map(mountPath => ({
        mountPath,
        name: pick(random, ['v', 'v', 'w']),
        ...maybe(random, { readOnly: true }),
      })),
      resources: { limits: { cpu: '1000m' } },
    }),
    VOLUMES,
  ),
  containerList('args', random => ({ args: some(random, ['a', 'b', 'c']) })),
  containerList('capabilities', random => ({
    securityContext: { capabilities: { drop: some(random, ['NET_RAW', 'MKNOD', 'CHOWN']) } },
  })),
  containerList('probe', random => ({
    livenessProbe: pick<JsonObject>(random, [
      { httpGet: { port: 80 } },
      { tcpSocket: { port: 80 } },
      { httpGet: { port: 80, httpHeaders: some(random, ['A', 'B', 'A']).map(name => named(random, name)) } },
      { exec: { command: some(random, ['a', 'b']) } },
    ]),
  })),
];

const OTHERS: readonly RandomList[] = [
  list('v1', 'Service', 'ports', ['spec', 'ports'], random => ({
    spec: { selector: { app: 'a' }, ports: bothProtocols(random, 'port') },
  })),
  list('v1', 'Service', 'externalIPs', ['spec', 'externalIPs'], random => ({
    spec: {
      ports: [{ port: 80 }],
      externalIPs: some(random, ['198.51.100.1', '198.51.100.2', '198.51.100.3']),
    },
  })),
  list('v1', 'ServiceAccount', 'secrets', ['secrets'], random => ({
    secrets: some(random, ['a', 'b', 'c']).map(name => ({ name })),
  })),
  list('v1', 'ServiceAccount', 'imagePullSecrets', ['imagePullSecrets'], random => ({
    imagePullSecrets: some(random, ['a', 'b', 'c']).map(name => ({ name })),
  })),
  list('v1', 'ConfigMap', 'finalizers', ['metadata', 'finalizers'], random => ({
    metadata: {
      finalizers: some(random, ['acme.example/a', 'acme.example/b', 'acme.example/c']),
    },
    data: { max: '1000m' },
  })),
  list('v1', 'LimitRange', 'limits', ['spec'], random => ({
    spec: {
      limits: some(random, ['Container', 'Pod']).map(type => ({
        type,
        max: { cpu: pick(random, ['1', '1000m', '2']) },
      })),
    },
  })),
  list('rbac.authorization.k8s.io/v1', 'RoleBinding', 'subjects', ['subjects'], random => ({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: some(random, ['one', 'two', 'three']).map(namespace => ({
      kind: 'ServiceAccount',
      name: 'ci',
      namespace,
    })),
  })),
  list('rbac.authorization.k8s.io/v1', 'Role', 'rules', ['rules'], random => ({
    rules: some(random, ['pods', 'secrets', 'services']).map(resource => ({
      apiGroups: [''],
      resources: [resource],
      verbs: some(random, ['get', 'list', 'watch']),
    })),
  })),
  policyList('ports', random => ({ ingress: [{ ports: policyPorts(random) }] })),
  policyList('peers', random => ({
    egress: some(random, ['a', 'b', 'c']).map(team => ({
      to: [{ namespaceSelector: { matchLabels: { team } } }, { ipBlock: { cidr: '10.0.0.0/8' } }],
      ports: policyPorts(random),
    })),
    policyTypes: some(random, ['Ingress', 'Egress']),
  })),
  list('autoscaling/v2', 'HorizontalPodAutoscaler', 'metrics', ['spec', 'metrics'], random => ({
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' },
      maxReplicas: 3,
      metrics: some(random, ['cpu', 'memory', 'a', 'b']).map(name =>
        name.length > 1
          ? {
              type: 'Resource',
              resource: { name, target: { type: 'Utilization', averageUtilization: pick(random, [50, 60]) } },
            }
          : {
              type: 'Pods',
              pods: {
                metric: { name },
                target: { type: 'AverageValue', averageValue: pick(random, ['1', '1000m']) },
              },
            },
      ),
    },
  })),
  list('networking.k8s.io/v1', 'Ingress', 'rules', ['spec'], random => ({
    spec: {
      rules: some(random, ['a.example', 'b.example', 'a.example']).map(host => ({
        host,
        http: {
          paths: some(random, ['/', '/a', '/b']).map(path => ({
            path,
            pathType: 'Prefix',
            backend: {
              service: { name: 's', port: pick<JsonObject>(random, [{ number: 80 }, { name: 'web' }]) },
            },
          })),
        },
      })),
      tls: some(random, ['a', 'b']).map(secretName => ({
        secretName,
        hosts: some(random, ['a.example', 'b.example']),
      })),
    },
  })),
  list('discovery.k8s.io/v1', 'EndpointSlice', 'endpoints', ['endpoints'], random => ({
    addressType: 'IPv4',
    endpoints: some(random, [1, 2, 3]).map(zone => ({
      addresses: some(random, ['10.1.0.1', '10.1.0.2', '10.1.0.3']),
      conditions: { ready: true },
      zone: `z${zone}`,
    })),
    ports: [{ port: 80, protocol: 'TCP' }],
  })),
];

const BUILT_IN_LISTS: readonly RandomList[] = [...PODS, ...OTHERS];

const T: JsonObject = { type: 'string' };
const entry = (more: JsonObject = {}): JsonObject => ({
  type: 'object',
  required: ['name'],
  properties: {
    name: T,
    zone: { type: 'string', default: 'z' },
    path: T,
    cpu: { 'x-kubernetes-int-or-string': true },
    ...more,
  },
});
const LISTS: Readonly<Record<string, JsonObject>> = {
  untyped: { type: 'array', items: entry() },
  atomic: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: entry() },
  set: { type: 'array', 'x-kubernetes-list-type': 'set', items: T },
  keyed: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: entry(),
  },
  paired: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name', 'zone'],
    items: entry({ tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: T } }),
  },
};

const GROUP = 'lists.slipway.dev';

/** A kind with a list of each `x-kubernetes-list-type`. */
export const LISTS_DEFINITION: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `listings.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { kind: 'Listing', plural: 'listings' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  ...LISTS,
                  whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: T },
                },
              },
            },
          },
        },
      },
    ],
  },
};

const route = (random: Random, name: string): JsonObject => ({
  name,
  ...maybe(random, { path: pick(random, ['/', '/a']) }),
  ...maybe(random, { cpu: pick<JsonValue>(random, ['1000m', '1', 1]) }),
});

const CUSTOM: Readonly<Record<string, (random: Random) => JsonValue>> = {
  untyped: random => some(random, ['a', 'b', 'a', 'c']).map(name => route(random, name)),
  atomic: random => some(random, ['a', 'b', 'a', 'c']).map(name => route(random, name)),
  set: random => some(random, ['a', 'b', 'c', 'd']),
  keyed: random =>
    some(random, ['a', 'b', 'c']).map(name => ({ ...route(random, name), ...maybe(random, { zone: 'y' }) })),
  paired: random =>
    some(random, [
      { name: 'a', ...maybe(random, { zone: 'z' }) },
      { name: 'a', zone: 'y' },
      { name: 'b', zone: 'y' },
      { name: 'b', ...maybe(random, { zone: 'z' }) },
    ]).map(keys => ({
      ...route(random, ''),
      ...keys,
      ...maybe(random, { tags: some(random, ['t', 'u', 'v']) }),
    })),
  whole: random =>
    Object.fromEntries(some(random, ['a', 'b', 'c']).map(key => [key, pick(random, ['1', '2'])])),
};

const CUSTOM_LISTS: readonly RandomList[] = Object.entries(CUSTOM).map(([field, draw]) =>
  list(`${GROUP}/v1`, 'Listing', field, ['spec'], random => ({ spec: { [field]: draw(random) } })),
);

/** Every kind of list that is changed. */
export const ALL_LISTS: readonly RandomList[] = [...BUILT_IN_LISTS, ...CUSTOM_LISTS];
