/** A version of the shop: what a commit of its repository says. */
export interface Version {
  readonly number: number;
  /** The block `strategy` in flow style; none for a formation without one. */
  readonly strategy?: string;
  /** The block `verify` in flow style. */
  readonly verify?: string;
  /** What the pods of the api play on the fake nodes. */
  readonly behaviour?: string;
  /** How many seconds they take for it. */
  readonly delay?: number;
  /** Stencils besides those of every version, as YAML. */
  readonly more?: string;
  /** The block `allow` of the formation, in flow style. */
  readonly allow?: string;
}

/** A fifth, then half of the users, then a decision. */
export const CANARY =
  '{workloads: [api], steps: [{weight: 20, bake: 3s}, {weight: 50, bake: 3s, pause: commit, unwatched: true}], drain: 0s}';

/** A whole copy that is tried, then all users at once. */
export const BLUE_GREEN =
  '{workloads: [api], steps: [{weight: 0, pause: qa}, {weight: 100, bake: 2s, pause: commit, unwatched: true}], drain: 0s}';

/** The files of its checkout. */
export function filesOf(
  { number, strategy, verify, behaviour, delay, more, allow }: Version,
  { namespace, home }: { readonly namespace: string; readonly home: string },
): Readonly<Record<string, string>> {
  const field = (name: string, text: string | undefined): string =>
    text === undefined ? '' : `  ${name}: ${text}\n`;
  return {
    'slipway.yaml': `
apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: ${home}
  services:
    api: {image: docker.io/library/api:1}
`,
    'formations/production.yaml': `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: production}
spec:
  destinations:
    main: {namespace: ${namespace}}
${field('strategy', strategy)}${field('verify', verify)}${field('allow', allow)}`,
    'stencils/api.yaml': api(number, played(behaviour, delay)),
    ...(more === undefined ? {} : { 'stencils/more.yaml': more }),
  };
}

function played(behaviour: string | undefined, delay: number | undefined): string {
  return [
    ...(behaviour === undefined ? [] : [`testbed.slipway.dev/behaviour: ${behaviour}`]),
    ...(delay === undefined ? [] : [`testbed.slipway.dev/delay: "${delay}"`]),
  ].join(', ');
}

/** Four pods behind a Service, and settings that each version has for itself. */
function api(number: number, annotations: string): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 4
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}, annotations: {${annotations}}}
    spec:
      containers:
        - name: api
          image: ${'${image.api}'}
          envFrom: [{configMapRef: {name: settings}}]
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports: [{port: 80}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {version: "${number}"}
`;
}
