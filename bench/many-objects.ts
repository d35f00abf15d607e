/** Folders of mixed manifests, in the proportions of a large application, and the same as a Helm chart. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ManyObjects {
  /** One file, as `kubectl apply -f` reads it. */
  readonly file: string;
  readonly chart: string;
}

interface Contents {
  readonly objects: number;
  /** In every object. */
  readonly revision: number;
  /** In the first object only. */
  readonly first: number;
}

/** The kinds of each ten objects. No Deployment has pods, so that only the API server is measured. */
const KINDS = [
  configMap,
  configMap,
  configMap,
  secret,
  service,
  service,
  deployment,
  deployment,
  serviceAccount,
  role,
];

export function writeManyObjects(directory: string, { objects, revision, first }: Contents): ManyObjects {
  const chart = join(directory, 'chart');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  const texts = Array.from({ length: objects }, (_, index) => {
    const write = KINDS[index % KINDS.length] as (typeof KINDS)[number];
    return write(`object-${index}`, index === 0 ? `r${revision}-${first}` : `r${revision}`);
  });
  const file = join(directory, 'manifests.yaml');
  writeFileSync(file, texts.join('---\n'));
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: many\nversion: 1.0.0\n');
  writeFileSync(join(chart, 'templates/all.yaml'), texts.join('---\n'));
  return { file, chart };
}

function head(apiVersion: string, kind: string, name: string, revision: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  labels: {app: many, revision: ${revision}}\n`;
}

function configMap(name: string, revision: string): string {
  const data = Array.from({ length: 8 }, (_, index) => `  setting-${index}: "value ${index} of ${name}"\n`);
  return `${head('v1', 'ConfigMap', name, revision)}data:\n${data.join('')}`;
}

function secret(name: string, revision: string): string {
  return `${head('v1', 'Secret', name, revision)}type: Opaque\ndata:\n  password: ${btoa(`password of ${name}`)}\n`;
}

function serviceAccount(name: string, revision: string): string {
  return `${head('v1', 'ServiceAccount', name, revision)}automountServiceAccountToken: false\n`;
}

function role(name: string, revision: string): string {
  const rule = '{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}';
  return `${head('rbac.authorization.k8s.io/v1', 'Role', name, revision)}rules: [${rule}]\n`;
}

function service(name: string, revision: string): string {
  return `${head('v1', 'Service', name, revision)}spec:
  clusterIP: None
  selector: {app: ${name}}
  ports: [{name: http, port: 80, targetPort: 8080}]
`;
}

function deployment(name: string, revision: string): string {
  return `${head('apps/v1', 'Deployment', name, revision)}spec:
  replicas: 0
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: registry.example/many/api@sha256:${'0a'.repeat(32)}
          ports: [{name: http, containerPort: 8080}]
          env: [{name: LEVEL, value: info}, {name: NAME, value: ${name}}]
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}}
          readinessProbe: {httpGet: {path: /healthz, port: http}}
`;
}
