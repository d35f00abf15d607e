import { describe, expect, it } from '@jest/globals';
import { checkYaml, deployment } from './support/check-yaml.ts';

async function found(manifests: string): Promise<string[]> {
  const findings = await checkYaml({ manifests, packs: ['references'] });
  return findings
    .filter(({ rule }) => rule.startsWith('references/'))
    .map(({ rule, severity }) => `${severity} ${rule.replace('references/', '')}`);
}

const custom = (apiVersion: string, kind: string, body: string, name = 'data'): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\n${body}\n`;
const service = (selector: string): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: { name: one }\nspec: { selector: ${selector}, ports: [{ port: 8080 }] }\n`;
const budget = (selector: string): string =>
  `---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: one }\nspec: { maxUnavailable: 1, selector: ${selector} }\n`;
const ingress = `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: data, port: { number: 80 } } } }] } }] }\n`;
const usesSecret = (name: string): string =>
  deployment({ container: `          envFrom: [{ secretRef: { name: ${name} } }]` });
const usesClaim = (name: string): string =>
  deployment({ pod: `      volumes: [{ name: v, persistentVolumeClaim: { claimName: ${name} } }]` });
const statefulSet = `---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "db:1" }] }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
`;
const job = (kind: string, name: string): string =>
  `---\napiVersion: batch/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${
    kind === 'Job'
      ? '{ template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "a:1" }] } } }'
      : '{ schedule: "* * * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "a:1" }] } } } } }'
  }\n`;
const autoscaler = (kind: string): string =>
  `---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: one }\nspec: { maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: ${kind}, name: data-collector } }\n`;
const unknown = custom('example.com/v1', 'Cache', 'spec: {}');
const selectsNothing = 'service-selects-nothing';

describe('labels that controllers add to pods', () => {
  it.each([
    [statefulSet, '{ statefulset.kubernetes.io/pod-name: db-0 }', []],
    [statefulSet, '{ app: db, apps.kubernetes.io/pod-index: "2" }', []],
    [statefulSet, '{ statefulset.kubernetes.io/pod-name: bd-0 }', [`error ${selectsNothing}`]],
    [statefulSet, '{ statefulset.kubernetes.io/pod-name: db }', [`error ${selectsNothing}`]],
    [statefulSet, '{ controller-revision-hash: db-7f, app: db }', []],
    [statefulSet, '{ controller-revision-hash: db-7f, app: other }', [`error ${selectsNothing}`]],
    [deployment(), '{ app: api, pod-template-hash: 5d8f }', []],
    [deployment(), '{ app: api, controller-revision-hash: x }', [`error ${selectsNothing}`]],
    [job('Job', 'load'), '{ job-name: load }', []],
    [job('Job', 'load'), '{ batch.kubernetes.io/job-name: load }', []],
    [job('Job', 'load'), '{ batch.kubernetes.io/job-name: laod }', [`error ${selectsNothing}`]],
    [job('CronJob', 'load'), '{ job-name: load-29000000 }', []],
    [deployment(), '{ job-name: load }', [`error ${selectsNothing}`]],
  ])('%#: %s selected by %s', async (manifests, selector, expected) => {
    expect(await found(manifests + service(selector))).toEqual(expected);
  });

  it('count in expressions of a budget too', async () => {
    const by = (operator: string, values = ''): string =>
      budget(`{ matchExpressions: [{ key: apps.kubernetes.io/pod-index, operator: ${operator}${values} }] }`);
    expect(await found(statefulSet + by('Exists'))).toEqual([]);
    expect(await found(statefulSet + by('In', ', values: ["0"]'))).toEqual([]);
    expect(await found(statefulSet + by('DoesNotExist'))).toEqual([
      'error disruption-budget-selects-nothing',
    ]);
  });
});

describe('pods and Services that controllers of custom resources make', () => {
  const kafka = custom('kafka.strimzi.io/v1beta2', 'Kafka', 'spec: {}');
  const prometheus = custom(
    'monitoring.coreos.com/v1',
    'Prometheus',
    'spec: { podMetadata: { labels: { a: b } } }',
  );
  it.each([
    ['Kafka by its name', kafka, service('{ strimzi.io/cluster: data }'), []],
    [
      'Kafka by another label',
      kafka,
      service('{ strimzi.io/name: data-kafka }'),
      [`notice ${selectsNothing}`],
    ],
    ['another Kafka', kafka, service('{ strimzi.io/cluster: date }'), [`error ${selectsNothing}`]],
    ['Prometheus', prometheus, budget('{ matchLabels: { prometheus: data, a: b } }'), []],
    [
      'a Rollout with the template of another object',
      custom('argoproj.io/v1alpha1', 'Rollout', 'spec: { workloadRef: { kind: Deployment, name: api } }'),
      service('{ a: b }'),
      [`notice ${selectsNothing}`],
    ],
    [
      'a Rollout by its template',
      custom(
        'argoproj.io/v1alpha1',
        'Rollout',
        'spec: { template: { metadata: { labels: { a: b } }, spec: { containers: [] } } }',
      ),
      service('{ a: b, rollouts-pod-template-hash: x }'),
      [],
    ],
    [
      'a Knative Service behind an Ingress',
      custom('serving.knative.dev/v1', 'Service', 'spec: {}'),
      ingress,
      [],
    ],
    ['a kind of which nothing is known', unknown, service('{ a: b }'), [`notice ${selectsNothing}`]],
    ['a kind of which nothing is known, behind an Ingress', unknown, ingress, ['notice ingress-backend']],
    [
      'a workload of a kind of which nothing is known',
      unknown,
      autoscaler('Deployment'),
      ['notice autoscaler-target'],
    ],
    [
      'a workload of a kind that makes more than one can know',
      kafka,
      autoscaler('StatefulSet'),
      ['notice autoscaler-target'],
    ],
    [
      'a workload beside a kind that makes none',
      custom('monitoring.coreos.com/v1', 'ServiceMonitor', 'spec: {}'),
      autoscaler('Deployment'),
      ['error autoscaler-target'],
    ],
    [
      'a kind that makes no pods',
      custom('monitoring.coreos.com/v1', 'ServiceMonitor', 'spec: {}'),
      service('{ a: b }'),
      [`error ${selectsNothing}`],
    ],
    [
      'a kind of another namespace',
      unknown.replace('name: data', 'name: data, namespace: other'),
      service('{ a: b }'),
      [`error ${selectsNothing}`],
    ],
  ])('%s', async (_title, made, user, expected) => {
    expect(await found(made + user)).toEqual(expected);
  });

  it('say which object leaves it open', async () => {
    const [finding] = await checkYaml({
      manifests: unknown + service('{ a: b }'),
      packs: ['references'],
    }).then(findings => findings.filter(({ rule }) => rule.endsWith(selectsNothing)));
    expect(finding?.message).toBe(
      'it selects no pod of these manifests, unless Cache data makes it, which cannot be known here',
    );
  });
});

describe('Secrets, ConfigMaps and claims that controllers make', () => {
  it.each([
    ['SealedSecret', custom('bitnami.com/v1alpha1', 'SealedSecret', 'spec: {}')],
    ['ExternalSecret', custom('external-secrets.io/v1', 'ExternalSecret', 'spec: {}')],
    [
      'ExternalSecret with a target',
      custom('external-secrets.io/v1', 'ExternalSecret', 'spec: { target: { name: data } }', 'other'),
    ],
    ['Certificate', custom('cert-manager.io/v1', 'Certificate', 'spec: { secretName: data }', 'other')],
    [
      'VaultStaticSecret',
      custom(
        'secrets.hashicorp.com/v1beta1',
        'VaultStaticSecret',
        'spec: { destination: { name: data } }',
        'other',
      ),
    ],
    [
      'SecretProviderClass',
      custom(
        'secrets-store.csi.x-k8s.io/v1',
        'SecretProviderClass',
        'spec: { secretObjects: [{ secretName: other }, { secretName: data }] }',
        'other',
      ),
    ],
    [
      'Ingress of cert-manager',
      ingress
        .replace('name: web', 'name: web, annotations: { cert-manager.io/cluster-issuer: a }')
        .replace('spec: {', 'spec: { tls: [{ secretName: data }],')
        .replace('service: { name: data, port: { number: 80 } }', 'resource: { kind: A, name: b }'),
    ],
  ])('%s', async (_kind, maker) => {
    expect(await found(usesSecret('data') + maker)).toEqual([]);
    expect(await found(usesSecret('date') + maker)).toEqual(['warning missing-secret']);
  });

  it('a Secret is a notice beside a kind of which nothing is known', async () => {
    expect(await found(usesSecret('data') + unknown)).toEqual(['notice missing-secret']);
  });

  it('the claims of a StatefulSet are there for other pods', async () => {
    expect(await found(usesClaim('data-db-0') + statefulSet)).toEqual([]);
    expect(await found(usesClaim('data-db-x') + statefulSet)).toEqual(['warning missing-claim']);
  });
});
