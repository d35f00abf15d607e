import type { KubernetesObject } from '@slipway/kubernetes';

export type Track = 'stable' | 'next';

/** What differs between the applications that are tried. */
export interface Variant {
  readonly name: string;
  /** Whether the program ends on SIGTERM without answering its open requests. */
  readonly abrupt: boolean;
  /** Seconds between the end of a pod's membership and SIGTERM; 0 for no hook. */
  readonly preStop: number;
}

export const VARIANTS: readonly Variant[] = [
  { name: 'drains', abrupt: false, preStop: 0 },
  { name: 'drains-prestop', abrupt: false, preStop: 5 },
  { name: 'abrupt', abrupt: true, preStop: 0 },
  { name: 'abrupt-prestop', abrupt: true, preStop: 5 },
];

const TRACK = 'slipway.dev/track';

/** A copy is `api-next`, whose selector has the track; the selector of stable has not, as a team's own manifest. */
export function deployment(
  track: Track,
  version: string,
  replicas: number,
  image: string,
  { abrupt, preStop }: Variant,
): KubernetesObject {
  const name = track === 'stable' ? 'api' : 'api-next';
  const labels = { app: 'api', [TRACK]: track };
  const container = {
    name: 'api',
    image,
    args: ['serve', `--version=${version}`, ...(abrupt ? ['--abrupt'] : [])],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
    ...(preStop > 0 && { lifecycle: { preStop: { sleep: { seconds: preStop } } } }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: 'api' } },
    spec: {
      replicas,
      selector: { matchLabels: track === 'stable' ? { app: 'api' } : labels },
      template: {
        metadata: { labels },
        spec: { containers: [container], terminationGracePeriodSeconds: 30 },
      },
    },
  } as KubernetesObject;
}

/** `both` is the selector of the manifest. */
export function selectorFor(tracks: Track | 'both'): Record<string, string | null> {
  return { app: 'api', [TRACK]: tracks === 'both' ? null : tracks };
}

export function service(name: string, selector: Record<string, string | null>): KubernetesObject {
  const present = Object.fromEntries(Object.entries(selector).filter(([, value]) => value !== null));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: present, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  } as KubernetesObject;
}
