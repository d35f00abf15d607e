// Objects for a real node.

/** What kubelet says of a pod's only container. */
export interface PodState {
  readonly phase?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: { readonly waiting?: { readonly reason: string; readonly message: string } };
  readonly lastState?: {
    readonly terminated?: { readonly reason: string; readonly exitCode: number; readonly message?: string };
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** A container that runs a shell script. */
export function container(image: string, script: string, more: Fields = {}): Fields {
  return { name: 'main', image, command: ['/bin/sh', '-c', script], ...more };
}

export function pod(name: string, main: Fields, more: Fields = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { containers: [main], terminationGracePeriodSeconds: 1, ...more },
  };
}

/** A Service whose port `http` leads to port 8080 of the pods with that label. */
export function service(name: string): Fields {
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports } };
}

export function deployment(name: string, main: Fields, more: Fields = {}): Fields {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [main], ...more } };
  const spec = { selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}

export function job(name: string, main: Fields): Fields {
  const template = { spec: { containers: [main], restartPolicy: 'Never' } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, template } };
}
