/** An application of many stencils, and the same as a Helm chart and as a Kustomize directory. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Objects in each stencil; ten placeholders are spread over them. */
export const OBJECTS_PER_STENCIL = 5;

const values = {
  replicas: 3,
  host: 'db.internal',
  port: 5432,
  level: 'info',
  team: 'payments',
  cpu: '100m',
  memory: '128Mi',
  path: '/srv/www',
};
const IMAGE = 'registry.example/many/api:unresolved';
const NAMESPACE = 'many';

export interface ManyStencils {
  /** A checkout with slipway.yaml. */
  readonly workspace: string;
  readonly chart: string;
  /** A kustomization.yaml beside the manifests that it names; the namespace is all that it adds. */
  readonly kustomization: string;
  /** One over it that sets the tag of the image and a label, two of the ten values that differ between environments. */
  readonly overlay: string;
}

export function writeManyStencils(directory: string, stencils: number): ManyStencils {
  const [workspace, chart, kustomization] = ['slipway', 'chart', 'kustomize'].map(name =>
    join(directory, name),
  ) as [string, string, string];
  writeApplication(workspace);
  writeChart(chart);
  mkdirSync(kustomization, { recursive: true });
  const names = Array.from({ length: stencils }, (_, index) => `app-${index}`);
  for (const name of names) {
    const stencil = stencilOf(name);
    writeFileSync(join(workspace, `stencils/${name}.yaml`), stencil);
    writeFileSync(join(chart, `templates/${name}.yaml`), asTemplate(stencil));
    writeFileSync(join(kustomization, `${name}.yaml`), asManifest(stencil));
  }
  const resources = names.map(name => `  - ${name}.yaml\n`).join('');
  writeFileSync(
    join(kustomization, 'kustomization.yaml'),
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: ${NAMESPACE}\nresources:\n${resources}`,
  );
  const overlay = join(directory, 'overlay');
  mkdirSync(overlay);
  writeFileSync(
    join(overlay, 'kustomization.yaml'),
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../kustomize]\nimages:\n  - {name: ${IMAGE.replace(/:.*/, '')}, newTag: "1"}\nlabels:\n  - {pairs: {team: payments}}\n`,
  );
  return { workspace, chart, kustomization, overlay };
}

function writeApplication(workspace: string): void {
  for (const folder of ['stencils', 'formations', 'config'])
    mkdirSync(join(workspace, folder), { recursive: true });
  const file = (path: string, kind: string, rest: string): void =>
    writeFileSync(join(workspace, path), `apiVersion: slipway.dev/v1\nkind: ${kind}\n${rest}`);
  const services = '{api: {image: docker.io/library/redis:7.4}}';
  file(
    'slipway.yaml',
    'Application',
    `metadata: {name: many}\nspec: {registry: registry.example/many, services: ${services}}\n`,
  );
  file(
    'formations/production.yaml',
    'Formation',
    `metadata: {name: production}\nspec: {destinations: {eu: {namespace: ${NAMESPACE}}}}\n`,
  );
  file('config/values.yaml', 'Config', `spec: {values: {"*.*": ${JSON.stringify(values)}}}\n`);
}

function writeChart(chart: string): void {
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: many\nversion: 0.1.0\n');
  writeFileSync(join(chart, 'values.yaml'), JSON.stringify({ config: values, image: { api: IMAGE } }));
}

const asTemplate = (stencil: string): string => stencil.replace(/\$\{([a-z.]+)\}/g, '{{ .Values.$1 }}');

function asManifest(stencil: string): string {
  return stencil
    .replaceAll('${image.api}', IMAGE)
    .replace(/\$\{config\.([a-z]+)\}/g, (_, word: keyof typeof values) => String(values[word]));
}

function stencilOf(name: string): string {
  return `# ${name}: what runs
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: \${config.replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: main
          image: \${image.api}
          env:
            - {name: DATABASE, value: "postgres://\${config.host}:\${config.port}/${name}"}
            - {name: LEVEL, value: "\${config.level}"}
          resources:
            requests: {cpu: "\${config.cpu}", memory: "\${config.memory}"}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports:
    - {name: http, port: 80, targetPort: 8080}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  path: \${config.path} # where it is
  settings: |
    level=\${config.level}
    name=${name}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: ${name}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  annotations:
    team: "\${config.team}"
`;
}
