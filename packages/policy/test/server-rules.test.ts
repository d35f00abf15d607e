import { expect, it } from '@jest/globals';
import { checkYaml } from './support/check-yaml.ts';

const workload = (kind: string, spec: string, pod: string): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: a }\nspec: { selector: { matchLabels: { app: a } }, ${spec}template: { metadata: { labels: { app: a } }, spec: ${pod} } }\n`;
const pod = (spec: string): string => workload('Deployment', '', spec);
const container = (fields: string, more = ''): string =>
  pod(`{ containers: [{ name: a, image: "a:1", ${fields} }]${more} }`);
const object = (apiVersion: string, kind: string, rest: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n${rest}\n`;
const spec = (apiVersion: string, kind: string, fields: string): string =>
  object(apiVersion, kind, `spec: { ${fields} }`);
const service = (fields: string): string => spec('v1', 'Service', fields);
const backend = '{ service: { name: a, port: { number: 80 } } }';
const ingress = (path: string): string =>
  spec('networking.k8s.io/v1', 'Ingress', `rules: [{ http: { paths: [${path}] } }]`);
const job = (fields: string, policy = 'Never'): string =>
  `{ ${fields} template: { spec: { restartPolicy: ${policy}, containers: [{ name: a, image: "a:1" }] } } }`;
const cron = (schedule: string): string =>
  spec('batch/v1', 'CronJob', `schedule: "${schedule}", jobTemplate: { spec: ${job('')} }`);
const scaler = (fields: string): string =>
  spec(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    `scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: a }, ${fields}`,
  );
const rbac = 'rbac.authorization.k8s.io';

const P = '/spec/template/spec';
const C = `${P}/containers/0`;

/** Each with its findings: what a server refuses in its own validation, and what it takes beside it. */
const cases: Readonly<Record<string, readonly [manifest: string, findings: readonly string[]]>> = {
  'a volume of nothing': [
    spec('v1', 'PersistentVolume', ''),
    ['missing-field /spec/accessModes', 'missing-field /spec/capacity/storage', 'invalid-value /spec'],
  ],
  'a volume with two sources and an operator that there is not': [
    spec(
      'v1',
      'PersistentVolume',
      'accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, csi: { driver: a.b, volumeHandle: c }, hostPath: { path: /a }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Is }] }] } }',
    ),
    [
      'conflicting-fields /spec/hostPath',
      'invalid-value /spec/nodeAffinity/required/nodeSelectorTerms/0/matchExpressions/0/operator',
    ],
  ],
  'a volume': [
    spec(
      'v1',
      'PersistentVolume',
      'accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, csi: { driver: a.b, volumeHandle: c }',
    ),
    [],
  ],
  'limits of a type that there is not, and of one twice': [
    spec(
      'v1',
      'LimitRange',
      'limits: [{ type: pod }, { type: Container }, { type: Container }, { type: a.b/c }]',
    ),
    ['invalid-value /spec/limits/0/type', 'invalid-value /spec/limits/2/type'],
  ],
  'scopes of a quota': [
    spec(
      'v1',
      'ResourceQuota',
      'hard: { pods: 1, services: 1 }, scopeSelector: { matchExpressions: [{ scopeName: PriorityClass, operator: In, values: [a] }, { scopeName: Other, operator: Exists }, { scopeName: BestEffort, operator: In, values: [a] }] }',
    ),
    [
      'invalid-value /spec/scopeSelector/matchExpressions/0/scopeName',
      'invalid-value /spec/scopeSelector/matchExpressions/1/scopeName',
      'invalid-value /spec/scopeSelector/matchExpressions/2/scopeName',
      'invalid-value /spec/scopeSelector/matchExpressions/2/operator',
    ],
  ],
  'classes that do not say who serves them': [
    [
      object('storage.k8s.io/v1', 'StorageClass', 'provisioner: a b'),
      object('node.k8s.io/v1', 'RuntimeClass', 'handler: A'),
      spec('networking.k8s.io/v1', 'IngressClass', 'controller: nginx'),
      object('scheduling.k8s.io/v1', 'PriorityClass', 'value: 2000000000'),
    ].join('---\n'),
    [
      'invalid-name /provisioner',
      'invalid-name /handler',
      'invalid-value /spec/controller',
      'invalid-value /value',
    ],
  ],
  'addresses and ports of a slice': [
    object(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      'addressType: IPv4\nendpoints: [{ addresses: ["::1"] }, { addresses: [] }, { addresses: [10.0.0.1] }]\nports: [{ name: a, port: 1 }, { name: a, port: 2 }]',
    ),
    [
      'invalid-value /endpoints/0/addresses/0',
      'missing-field /endpoints/1/addresses',
      'invalid-value /ports/1/name',
    ],
  ],
  'a policy for failures of pods': [
    spec(
      'batch/v1',
      'Job',
      job(
        'podFailurePolicy: { rules: [{ action: Stop, onExitCodes: { operator: In, values: [0, 2, 1] } }, { action: Ignore }, { action: FailIndex, onPodConditions: [{ type: DisruptionTarget, status: Maybe }] }] },',
      ).slice(2, -2),
    ),
    [
      'invalid-value /spec/podFailurePolicy/rules/0/action',
      'invalid-value /spec/podFailurePolicy/rules/0/onExitCodes/values',
      'invalid-value /spec/podFailurePolicy/rules/0/onExitCodes/values',
      'invalid-value /spec/podFailurePolicy/rules/1',
      'invalid-value /spec/podFailurePolicy/rules/2/action',
      'invalid-value /spec/podFailurePolicy/rules/2/onPodConditions/0/status',
    ],
  ],
  'an autoscaler of a target without a group': [
    spec(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      'scaleTargetRef: { apiVersion: v1, kind: ReplicationController, name: a/b }, maxReplicas: 2',
    ),
    ['invalid-name /spec/scaleTargetRef/name', 'invalid-value /spec/scaleTargetRef/apiVersion'],
  ],
  'a policy that guards nothing': [
    spec('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'failurePolicy: Fail'),
    ['invalid-value /spec/matchConstraints', 'invalid-value /spec/validations'],
  ],
  'a container without an image': [pod('{ containers: [{ name: a }] }'), [`missing-field ${C}/image`]],
  'a pod without containers': [pod('{ containers: [] }'), [`invalid-value ${P}/containers`]],
  'an init container with the name of another': [
    pod('{ containers: [{ name: a, image: b }], initContainers: [{ name: a, image: b }] }'),
    [`duplicate-item ${P}/initContainers/0/name`],
  ],
  'a mount without a volume': [
    container('volumeMounts: [{ name: data, mountPath: /data }]'),
    [`missing-volume ${C}/volumeMounts/0/name`],
  ],
  "a mount of a StatefulSet's claim": [
    workload(
      'StatefulSet',
      'volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }], ',
      '{ containers: [{ name: a, image: b, volumeMounts: [{ name: data, mountPath: /data }] }] }',
    ),
    [],
  ],
  'a volume with two sources': [
    container('', ', volumes: [{ name: a, emptyDir: {}, secret: { secretName: b } }]'),
    [`conflicting-fields ${P}/volumes/0/secret`],
  ],
  'a variable with a value and a source': [
    container('env: [{ name: A, value: b, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]'),
    [`conflicting-fields ${C}/env/0/valueFrom`],
  ],
  'a probe without a handler': [
    container('livenessProbe: { periodSeconds: 5 }'),
    [`invalid-value ${C}/livenessProbe`],
  ],
  'a probe with two handlers': [
    container('livenessProbe: { tcpSocket: { port: 80 }, exec: { command: [a] } }'),
    [`conflicting-fields ${C}/livenessProbe/tcpSocket`],
  ],
  'a probe of an init container': [
    pod(
      '{ containers: [{ name: a, image: b }], initContainers: [{ name: c, image: b, livenessProbe: { tcpSocket: { port: 80 } } }] }',
    ),
    [`invalid-value ${P}/initContainers/0/livenessProbe`],
  ],
  'ports out of range, and a name that is too long': [
    container('ports: [{ containerPort: 70000 }, { containerPort: 80, name: a-very-long-port-name }]'),
    [`invalid-value ${C}/ports/0/containerPort`, `invalid-value ${C}/ports/1/name`],
  ],
  'a request above the limit': [
    container('resources: { requests: { memory: 2Gi }, limits: { memory: 1024Mi } }'),
    [`conflicting-fields ${C}/resources/requests/memory`],
  ],
  'a request that is the limit': [
    container('resources: { requests: { memory: 1Gi }, limits: { memory: 1024Mi } }'),
    [],
  ],
  'a resource that there is not': [
    container('resources: { limits: { ram: 1Gi } }'),
    [`invalid-value ${C}/resources/limits/ram`],
  ],
  'a word that is not one': [container('imagePullPolicy: Sometimes'), [`invalid-value ${C}/imagePullPolicy`]],
  'a toleration without key and operator': [
    container('', ', tolerations: [{ value: a }]'),
    [`invalid-value ${P}/tolerations/0/operator`],
  ],
  'a selector that misses its template': [
    pod('{ containers: [{ name: a, image: b }] }').replace('labels: { app: a }', 'labels: { app: b }'),
    ['selector-mismatch /spec/selector'],
  ],
  'a Deployment whose pods run once': [
    container('', ', restartPolicy: Never'),
    [`invalid-value ${P}/restartPolicy`],
  ],
  'a Job whose pods run for ever': [
    object('batch/v1', 'Job', `spec: ${job('', 'Always')}`),
    [`invalid-value ${P}/restartPolicy`],
  ],
  'a Job with an index and no completions': [
    object('batch/v1', 'Job', `spec: ${job('completionMode: Indexed, parallelism: 2,')}`),
    ['missing-field /spec/completions'],
  ],
  'rollingUpdate on Recreate': [
    workload(
      'Deployment',
      'strategy: { type: Recreate, rollingUpdate: { maxSurge: 1 } }, ',
      '{ containers: [{ name: a, image: b }] }',
    ),
    ['conflicting-fields /spec/strategy/rollingUpdate'],
  ],
  'a roll-out that may do nothing': [
    workload(
      'Deployment',
      'strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0% } }, ',
      '{ containers: [{ name: a, image: b }] }',
    ),
    ['conflicting-fields /spec/strategy/rollingUpdate/maxUnavailable'],
  ],
  'a negative number of replicas': [
    workload('Deployment', 'replicas: -1, ', '{ containers: [{ name: a, image: b }] }'),
    ['invalid-value /spec/replicas'],
  ],
  'a Service without ports': [service('selector: { a: b }'), ['missing-field /spec/ports']],
  'a headless Service without ports': [service('clusterIP: None'), []],
  'a Service with two ports without names': [
    service('ports: [{ port: 80 }, { port: 81 }]'),
    ['missing-field /spec/ports/0/name', 'missing-field /spec/ports/1/name'],
  ],
  'a Service with two ports of one name': [
    service('ports: [{ name: a, port: 80 }, { name: a, port: 81 }]'),
    ['duplicate-item /spec/ports/1/name'],
  ],
  'a Service of type ExternalName without a name': [
    service('type: ExternalName'),
    ['missing-field /spec/externalName'],
  ],
  'a node port of a ClusterIP': [
    service('ports: [{ port: 80, nodePort: 30080 }]'),
    ['conflicting-fields /spec/ports/0/nodePort'],
  ],
  'an Ingress without rules': [
    spec('networking.k8s.io/v1', 'Ingress', 'ingressClassName: a'),
    ['missing-field /spec/rules'],
  ],
  'a path without its slash': [
    ingress(`{ path: a, pathType: Prefix, backend: ${backend} }`),
    ['invalid-value /spec/rules/0/http/paths/0/path'],
  ],
  'a backend with two ports': [
    ingress(
      '{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80, name: http } } } }',
    ),
    ['conflicting-fields /spec/rules/0/http/paths/0/backend/service/port/number'],
  ],
  'a peer with a range and a selector': [
    spec(
      'networking.k8s.io/v1',
      'NetworkPolicy',
      'podSelector: {}, ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: 10.0.0.0/8 } }] }]',
    ),
    ['conflicting-fields /spec/ingress/0/from/0/ipBlock'],
  ],
  'a budget with both limits': [
    spec(
      'policy/v1',
      'PodDisruptionBudget',
      'minAvailable: 1, maxUnavailable: 1, selector: { matchLabels: { a: b } }',
    ),
    ['conflicting-fields /spec/maxUnavailable'],
  ],
  'an autoscaler from five to three': [
    scaler('minReplicas: 5, maxReplicas: 3'),
    ['conflicting-fields /spec/maxReplicas'],
  ],
  'a metric of another type': [
    scaler(
      'maxReplicas: 3, metrics: [{ type: Pods, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }]',
    ),
    ['missing-field /spec/metrics/0/pods'],
  ],
  'a schedule of four fields': [cron('* * * *'), ['invalid-value /spec/schedule']],
  'a schedule in minute 61': [cron('61 * * * *'), ['invalid-value /spec/schedule']],
  'a schedule of names, ranges and steps': [cron('*/5 0-6/2 1,15 jan-MAR ?'), []],
  'a binding to a Service': [
    object(`${rbac}/v1`, 'RoleBinding', `roleRef: { apiGroup: ${rbac}, kind: Service, name: a }`),
    ['invalid-value /roleRef/kind'],
  ],
  'a service account without a namespace': [
    object(
      `${rbac}/v1`,
      'ClusterRoleBinding',
      `roleRef: { apiGroup: ${rbac}, kind: ClusterRole, name: a }\nsubjects: [{ kind: ServiceAccount, name: a }]`,
    ),
    ['missing-field /subjects/0/namespace'],
  ],
  'a rule without resources': [
    object(`${rbac}/v1`, 'Role', 'rules: [{ apiGroups: [""], verbs: [get] }]'),
    ['missing-field /rules/0/resources'],
  ],
  'a claim of nothing': [
    spec('v1', 'PersistentVolumeClaim', 'accessModes: [ReadWriteOnce]'),
    ['missing-field /spec/resources/requests/storage'],
  ],
  'a TLS Secret without its key': [
    object('v1', 'Secret', 'type: kubernetes.io/tls\nstringData: { tls.crt: a }'),
    ['missing-field /data/tls.key'],
  ],
};

it.each(Object.entries(cases))(
  "the server's own validation refuses what it says: %s",
  async (_title, [manifests, findings]) => {
    const found = await checkYaml({ manifests });
    expect(found.map(({ rule, pointer }) => `${rule.replace('schema/', '')} ${pointer}`)).toEqual(findings);
  },
);
