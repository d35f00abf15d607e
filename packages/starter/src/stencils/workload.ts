import { GUESS } from '../proposal/guesses.ts';

/** A container, as its stencil writes it. Lines are YAML without indentation. */
export interface Workload {
  readonly name: string;
  readonly replicas: number;
  readonly port: { readonly number: number; readonly guess?: string };
  /** The port of its Service. */
  readonly servicePort: number;
  /** The path of readiness and liveness; without it the port is asked. */
  readonly health?: string;
  /** What a probe sends beside the path. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly user: ContainerUser;
  /** Why it is a guess that its file system can be read-only. */
  readonly readOnlyGuess?: string;
  /** Folders that are in memory, absolute. */
  readonly writes: readonly string[];
  /** Folders of data that the program expects to find again, absolute. */
  readonly keeps?: readonly string[];
  readonly args?: readonly string[];
  readonly variables: readonly Variable[];
  readonly memory: readonly [request: number, limit: number];
}

/** Whom a container runs as. */
export interface ContainerUser {
  /** Undefined where only the image knows it. */
  readonly id?: number;
  readonly guess?: string;
}

export type Variable =
  | { readonly name: string; readonly value: string; readonly guess?: string }
  | { readonly name: string; readonly secret: string; readonly key: string; readonly guess?: string };

/** The Deployment, its Service, and its budget where there is more than one pod. */
export function workloadStencil(workload: Workload): string {
  const documents = [
    deployment(workload),
    service(workload),
    ...(workload.replicas > 1 ? [budget(workload)] : []),
  ];
  return documents.map(lines => `${lines.join('\n')}\n`).join('---\n');
}

/** A name as YAML reads it, since some are words for true, false and null. */
function word(name: string): string {
  return /^(?:y|yes|n|no|on|off|true|false|null)$/.test(name) ? JSON.stringify(name) : name;
}

function deployment(workload: Workload): readonly string[] {
  const { replicas, user } = workload;
  const name = word(workload.name);
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    `  name: ${name}`,
    `  labels: { app: ${name} }`,
    'spec:',
    `  replicas: ${replicas}`,
    '  selector:',
    `    matchLabels: { app: ${name} }`,
    '  template:',
    '    metadata:',
    `      labels: { app: ${name} }`,
    '    spec:',
    '      automountServiceAccountToken: false',
    '      securityContext:',
    ...indented(8, identity(user)),
    '        seccompProfile: { type: RuntimeDefault }',
    '      containers:',
    ...indented(8, container(workload)),
    ...volumes(workload),
  ];
}

/** Without a number, the image decides, and the cluster refuses an image whose user is a name. */
function identity({ id, guess }: ContainerUser): readonly string[] {
  if (id === undefined) return [withGuess('runAsNonRoot: true', guess)];
  return ['runAsNonRoot: true', withGuess(`runAsUser: ${id}`, guess), `fsGroup: ${id}`];
}

function container(workload: Workload): readonly string[] {
  const { name, args, port, memory } = workload;
  const [request, limit] = memory;
  return [
    `- name: ${word(name)}`,
    ...indented(2, [
      `image: \${image.${name}}`,
      ...(args === undefined ? [] : [`args: ${flow(args)}`]),
      ...environment(workload),
      'ports:',
      withGuess(`  - { name: http, containerPort: ${port.number} }`, port.guess),
      ...probes(workload),
      'resources:',
      withGuess(`  requests: { cpu: 50m, memory: ${request}Mi }`, 'set it to what the program uses'),
      withGuess(`  limits: { memory: ${limit}Mi }`, 'set it to the most that the program may use'),
      'securityContext:',
      '  allowPrivilegeEscalation: false',
      withGuess('  readOnlyRootFilesystem: true', workload.readOnlyGuess),
      '  capabilities: { drop: [ALL] }',
      ...mounts(workload),
    ]),
  ];
}

function environment({ variables }: Workload): readonly string[] {
  if (variables.length === 0) return [];
  return [
    'env:',
    ...variables.flatMap(variable => [
      withGuess(`  - name: ${variable.name}`, variable.guess),
      'secret' in variable
        ? `    valueFrom: { secretKeyRef: { name: ${variable.secret}, key: ${variable.key} } }`
        : `    value: ${JSON.stringify(variable.value)}`,
    ]),
  ];
}

const NO_PATH = 'no path is known that answers when the program can serve; httpGet with one is better';

/**
 * With a path, a program has five minutes until its first answer, as a virtual machine on a small share of a processor takes; where only
 * its port can be asked, which may be open before it can serve, a minute until it may be killed.
 */
function probes({ health, headers = {} }: Workload): readonly string[] {
  if (health === undefined) {
    const socket = withGuess('  tcpSocket: { port: http }', NO_PATH);
    return [
      ...['readinessProbe:', socket, '  periodSeconds: 5'],
      ...['livenessProbe:', socket, '  initialDelaySeconds: 60', '  periodSeconds: 10'],
    ];
  }
  const sent = Object.entries(headers).map(([name, value]) => `{ name: ${name}, value: ${value} }`);
  const also = sent.length === 0 ? '' : `, httpHeaders: [${sent.join(', ')}]`;
  const request = `  httpGet: { path: ${JSON.stringify(health)}, port: http${also} }`;
  return [
    ...['startupProbe:', request, '  periodSeconds: 5', '  failureThreshold: 60'],
    ...['readinessProbe:', request, '  periodSeconds: 5'],
    ...['livenessProbe:', request, '  periodSeconds: 10'],
  ];
}

const LOST =
  'each pod has its own, which is lost with it; what must last needs a database, or a volume that lasts';

function mounts({ writes, keeps = [] }: Workload): readonly string[] {
  const paths = [...writes, ...keeps];
  if (paths.length === 0) return [];
  const lines = paths.map((path, at) =>
    withGuess(`  - { name: ${volumeName(at)}, mountPath: ${path} }`, keeps.includes(path) ? LOST : undefined),
  );
  return ['volumeMounts:', ...lines];
}

function volumes({ writes, keeps = [] }: Workload): readonly string[] {
  const paths = [...writes, ...keeps];
  if (paths.length === 0) return [];
  const lines = paths.map((_, at) => `        - { name: ${volumeName(at)}, emptyDir: { sizeLimit: 256Mi } }`);
  return ['      volumes:', ...lines];
}

function volumeName(at: number): string {
  return at === 0 ? 'scratch' : `scratch-${at + 1}`;
}

function service({ servicePort, ...workload }: Workload): readonly string[] {
  const name = word(workload.name);
  return [
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${name}`,
    `  labels: { app: ${name} }`,
    'spec:',
    `  selector: { app: ${name} }`,
    '  ports:',
    `    - { name: http, port: ${servicePort}, targetPort: http }`,
  ];
}

function budget(workload: Workload): readonly string[] {
  const name = word(workload.name);
  return [
    'apiVersion: policy/v1',
    'kind: PodDisruptionBudget',
    'metadata:',
    `  name: ${name}`,
    `  labels: { app: ${name} }`,
    'spec:',
    '  maxUnavailable: 1',
    '  selector:',
    `    matchLabels: { app: ${name} }`,
  ];
}

function withGuess(line: string, guess: string | undefined): string {
  return guess === undefined ? line : `${line} ${GUESS}${guess}`;
}

function flow(words: readonly string[]): string {
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}

function indented(by: number, lines: readonly string[]): readonly string[] {
  return lines.map(line => `${' '.repeat(by)}${line}`);
}
