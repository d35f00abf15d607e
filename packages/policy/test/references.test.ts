import { expect, it } from '@jest/globals';
import { checkYaml, deployment } from './support/check-yaml.ts';

const service = (spec: string): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: ${spec}\n`;
const config =
  '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { colour: blue }\nbinaryData: { logo: AAAA }\n';
const secret =
  '---\napiVersion: v1\nkind: Secret\nmetadata: { name: passwords }\nstringData: { database: x }\ndata: { cache: eA== }\n';
const env = (source: string): string =>
  deployment({ container: `          env: [{ name: A, valueFrom: ${source} }]` });
const envFrom = (source: string): string => deployment({ container: `          envFrom: [${source}]` });
const volume = (source: string): string => deployment({ pod: `      volumes: [{ name: v, ${source} }]` });
const ingress = (backend: string): string =>
  `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: ${backend} } }] } }] }\n`;
const rollout = (more = ''): string =>
  deployment({ container: more === '' ? '' : `          ${more}` })
    .replace('apps/v1', 'argoproj.io/v1alpha1')
    .replace('kind: Deployment', 'kind: Rollout');
const scaledObject = (target: string): string =>
  `---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: api }\nspec: { scaleTargetRef: ${target} }\n`;
const good = service('{ selector: { app: api }, ports: [{ name: web, port: 80, targetPort: http }] }');

const cases: Readonly<Record<string, readonly [manifests: string, findings: readonly string[]]>> = {
  'a Service of a port by name': [deployment() + good, []],
  'a Service of a port by number': [
    deployment() + service('{ selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }'),
    [],
  ],
  'a Service that selects nothing': [
    deployment() + service('{ selector: { app: web }, ports: [{ port: 80 }] }'),
    ['error service-selects-nothing /spec/selector'],
  ],
  'a Service of another namespace': [
    deployment() + good.replace('name: api }', 'name: api, namespace: other }'),
    ['error service-selects-nothing /spec/selector'],
  ],
  'a Service of a name that no port has': [
    deployment() + service('{ selector: { app: api }, ports: [{ port: 80, targetPort: web }] }'),
    ['error service-port /spec/ports/0/targetPort'],
  ],
  'a Service of a number that no port has': [
    deployment() + service('{ selector: { app: api }, ports: [{ port: 80, targetPort: 9090 }] }'),
    ['warning service-port /spec/ports/0/targetPort'],
  ],
  'a Service of the port of an init container that ends': [
    deployment({
      pod: '      initContainers: [{ name: i, image: a, ports: [{ name: setup, containerPort: 1 }] }]',
    }) + service('{ selector: { app: api }, ports: [{ port: 80, targetPort: setup }] }'),
    ['error service-port /spec/ports/0/targetPort'],
  ],
  'a Service of the port of a sidecar': [
    deployment({
      pod: '      initContainers: [{ name: i, image: a, restartPolicy: Always, ports: [{ name: mesh, containerPort: 1 }] }]',
    }) +
      service(
        '{ selector: { app: api }, ports: [{ name: a, port: 80, targetPort: mesh }, { name: b, port: 81, targetPort: 1 }] }',
      ),
    [],
  ],
  'a Service of a port by name for another protocol': [
    deployment() +
      service('{ selector: { app: api }, ports: [{ port: 80, targetPort: http, protocol: UDP }] }'),
    ['error service-port /spec/ports/0/targetPort'],
  ],
  'a Service of a port by number for another protocol': [
    deployment() +
      service('{ selector: { app: api }, ports: [{ port: 80, targetPort: 8080, protocol: UDP }] }'),
    ['warning service-port /spec/ports/0/targetPort'],
  ],
  'a Service without a selector': [deployment() + service('{ ports: [{ port: 80 }] }'), []],
  'a Service of another name': [
    deployment() + service('{ type: ExternalName, externalName: a.b, selector: { app: web } }'),
    [],
  ],
  'a ConfigMap whose key is there': [
    env('{ configMapKeyRef: { name: settings, key: colour } }') + config,
    [],
  ],
  'a key that is written into the token of a service account': [
    `${env('{ secretKeyRef: { name: token, key: ca.crt } }')}---\napiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata: { name: token, annotations: { kubernetes.io/service-account.name: default } }\n`,
    [],
  ],
  'a key that a token of a service account never has': [
    `${env('{ secretKeyRef: { name: token, key: tls.crt } }')}---\napiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata: { name: token, annotations: { kubernetes.io/service-account.name: default } }\n`,
    ['error missing-key /spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/key'],
  ],
  'a key that OpenShift writes into a ConfigMap': [
    `${env('{ configMapKeyRef: { name: ca, key: service-ca.crt } }')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ca, annotations: { service.beta.openshift.io/inject-cabundle: "true" } }\n`,
    [],
  ],
  'a key of a Secret that is a copy of another one': [
    `${env('{ secretKeyRef: { name: copy, key: tls.crt } }')}---\napiVersion: v1\nkind: Secret\nmetadata: { name: copy, annotations: { replicator.v1.mittwald.de/replicate-from: a/b } }\n`,
    [],
  ],
  "a Secret that OpenShift makes of a Service's annotation": [
    `${envFrom('{ secretRef: { name: serving } }')}${good.replace('name: api }', 'name: api, annotations: { service.beta.openshift.io/serving-cert-secret-name: serving } }')}`,
    [],
  ],
  "an action of AWS's load balancer in the place of a Service": [
    ingress('{ name: redirect, port: { name: use-annotation } }'),
    [],
  ],
  'an Ingress to a Service of another name, which needs no ports': [
    ingress('{ name: api, port: { number: 443 } }') + service('{ type: ExternalName, externalName: a.b }'),
    [],
  ],
  'an Ingress to a port by name that a Service of another name lacks': [
    ingress('{ name: api, port: { name: https } }') + service('{ type: ExternalName, externalName: a.b }'),
    ['error ingress-backend /spec/rules/0/http/paths/0/backend/service/port'],
  ],
  'a key of binary data': [env('{ configMapKeyRef: { name: settings, key: logo } }') + config, []],
  'a ConfigMap that lacks a key': [
    env('{ configMapKeyRef: { name: settings, key: color } }') + config,
    ['error missing-key /spec/template/spec/containers/0/env/0/valueFrom/configMapKeyRef/key'],
  ],
  'a ConfigMap that is not there': [
    env('{ configMapKeyRef: { name: other, key: colour } }') + config,
    ['warning missing-config-map /spec/template/spec/containers/0/env/0/valueFrom/configMapKeyRef/name'],
  ],
  'a ConfigMap that need not be there': [
    env('{ configMapKeyRef: { name: other, key: colour, optional: true } }'),
    [],
  ],
  'Secrets whose keys are there, either way': [
    env('{ secretKeyRef: { name: passwords, key: database } }') + secret,
    [],
  ],
  'a Secret that lacks a key': [
    env('{ secretKeyRef: { name: passwords, key: mail } }') + secret,
    ['error missing-key /spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/key'],
  ],
  'a Secret that is not there, as a whole': [
    envFrom('{ secretRef: { name: others } }') + secret,
    ['warning missing-secret /spec/template/spec/containers/0/envFrom/0/secretRef/name'],
  ],
  'a ConfigMap as a volume, by keys': [
    volume('configMap: { name: settings, items: [{ key: colour, path: a }, { key: size, path: b }] }') +
      config,
    ['error missing-key /spec/template/spec/volumes/0/configMap/items/1/key'],
  ],
  'a Secret as a volume': [volume('secret: { secretName: passwords }') + secret, []],
  'a Secret as part of a volume': [
    volume('projected: { sources: [{ secret: { name: others } }] }'),
    ['warning missing-secret /spec/template/spec/volumes/0/projected/sources/0/secret/name'],
  ],
  'the certificate that every namespace has': [volume('configMap: { name: kube-root-ca.crt }'), []],
  'a claim that is not there': [
    volume('persistentVolumeClaim: { claimName: data }'),
    ['warning missing-claim /spec/template/spec/volumes/0/persistentVolumeClaim/claimName'],
  ],
  'a ServiceAccount that is not there': [
    deployment({ pod: '      serviceAccountName: robot' }),
    ['warning missing-service-account /spec/template/spec/serviceAccountName'],
  ],
  'a ServiceAccount that is there': [
    `${deployment({ pod: '      serviceAccountName: robot' })}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: robot }\n`,
    [],
  ],
  'a pull secret that is not there': [
    deployment({ pod: '      imagePullSecrets: [{ name: pull }]' }),
    ['warning missing-secret /spec/template/spec/imagePullSecrets/0/name'],
  ],
  'the Secret of a CSI volume that is not there': [
    volume('csi: { driver: d, nodePublishSecretRef: { name: others } }'),
    ['warning missing-secret /spec/template/spec/volumes/0/csi/nodePublishSecretRef/name'],
  ],
  'an optional Secret of a volume that is not there': [
    volume('secret: { secretName: others, optional: true }'),
    [],
  ],
  'a ServiceAccount under both of its names': [
    deployment({ pod: '      serviceAccountName: robot\n      serviceAccount: robot' }),
    ['warning missing-service-account /spec/template/spec/serviceAccountName'],
  ],
  "a Service of the pods of Argo's Rollout": [
    rollout() + service('{ selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }'),
    [],
  ],
  "a ConfigMap of Argo's Rollout that is not there": [
    rollout('envFrom: [{ configMapRef: { name: other } }]'),
    ['warning missing-config-map /spec/template/spec/containers/0/envFrom/0/configMapRef/name'],
  ],
  'an autoscaler of KEDA': [`${deployment()}${scaledObject('{ name: api }')}`, []],
  'an autoscaler of KEDA of nothing': [
    `${deployment()}${scaledObject('{ name: web }')}`,
    ['error autoscaler-target /spec/scaleTargetRef/name'],
  ],
  'an autoscaler of another kind, of which nothing is known': [
    `${deployment()}${scaledObject('{ name: web }').replace('keda.sh/v1alpha1', 'example.org/v1')}`,
    [],
  ],
  'an autoscaler of nothing': [
    `${deployment()}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec: { maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }\n`,
    ['error autoscaler-target /spec/scaleTargetRef/name'],
  ],
  'a budget of nothing': [
    `${deployment()}---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web }\nspec: { minAvailable: 1, selector: { matchExpressions: [{ key: app, operator: In, values: [web] }] } }\n`,
    ['error disruption-budget-selects-nothing /spec/selector'],
  ],
  'an Ingress of a Service and port': [
    deployment() +
      good +
      ingress('{ name: api, port: { name: web } }') +
      ingress('{ name: api, port: { number: 80 } }').replace('name: web', 'name: b'),
    [],
  ],
  'an Ingress of a Service that is not there': [
    deployment() + good + ingress('{ name: web, port: { number: 80 } }'),
    ['error ingress-backend /spec/rules/0/http/paths/0/backend/service/name'],
  ],
  'an Ingress of a port that is not there': [
    deployment() + good + ingress('{ name: api, port: { number: 8080 } }'),
    ['error ingress-backend /spec/rules/0/http/paths/0/backend/service/port'],
  ],
};

it.each(Object.entries(cases))('references are followed: %s', async (_title, [manifests, findings]) => {
  const all = await checkYaml({ manifests, packs: ['references'] });
  // There is no schema for kinds of other projects here.
  const found = all.filter(({ rule }) => rule !== 'schema/unknown-kind');
  expect(
    found.map(({ severity, rule, pointer }) => `${severity} ${rule.replace('references/', '')} ${pointer}`),
  ).toEqual(findings);
});

it('are not followed unless the pack is wanted', async () => {
  expect(await checkYaml({ manifests: deployment({ pod: '      serviceAccountName: robot' }) })).toEqual([]);
});

it('survive objects of the wrong form, which the schema reports', async () => {
  const broken = ['Service', 'ConfigMap', 'Secret'].map(
    kind => `---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: a }\nspec: [1]\ndata: 5\n`,
  );
  const workloads = [
    'spec: 5',
    'spec: { template: [] }',
    'spec: { template: { spec: { containers: 5, volumes: [1, { configMap: [] }] } } }',
  ].map(spec => `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a, labels: 5 }\n${spec}\n`);
  const found = await checkYaml({
    manifests: [...broken, ...workloads].join(''),
    packs: ['references', 'workloads', 'pod-security/restricted'],
  });
  expect(found.some(({ rule }) => rule.startsWith('schema/'))).toBe(true);
});
