import { describe, expect, it } from '@jest/globals';
import { type KubernetesObject, parseSelector, selects } from '@slipway/kubernetes';
import {
  copiesOf,
  copyOfBudget,
  copyOfDeployment,
  copyOfService,
  getsTrack,
  heldForm,
  mayGoInSteps,
  podLabels,
  sizeInStep,
  trackOf,
  withoutTrack,
  withTrack,
} from '@slipway/steps';
import { budget, deployment, service } from '@slipway/testkit/objects';

const TRACK = 'slipway.dev/track';
const steps = [{ weight: 0 }, { weight: 20 }, { weight: 50 }];

describe('the copy of a Deployment', () => {
  const original = withTrack(deployment('api', { replicas: 4, container: { image: 'api:2' } }), 'stable');
  const copy = copyOfDeployment(original, 1);

  it('differs by its name, its size and the track of its pods only', () => {
    expect(copy).toEqual({
      ...original,
      metadata: { name: 'api-next' },
      spec: {
        ...(original['spec'] as object),
        replicas: 1,
        selector: { matchLabels: { app: 'api', [TRACK]: 'next' } },
        template: {
          metadata: { labels: { app: 'api', [TRACK]: 'next' }, annotations: {} },
          spec: { containers: [{ name: 'main', image: 'api:2' }] },
        },
      },
    });
  });

  it('does not select the pods of stable', () => {
    const selector = parseSelector({ matchLabels: { app: 'api', [TRACK]: 'next' } });
    expect([podLabels(copy), podLabels(original)].map(labels => selects(selector, labels))).toEqual([
      true,
      false,
    ]);
  });

  it('takes the requests of live pods, but no request beside a limit', () => {
    const limited = deployment('api', { container: { resources: { limits: { memory: '1Gi' } } } });
    const resources = { requests: { cpu: '700m', memory: '2Gi' } };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x' },
      spec: { containers: [{ name: 'main', resources }] },
    };
    expect(copyOfDeployment(limited, 1, pod)).toMatchObject({
      spec: {
        template: {
          spec: { containers: [{ resources: { limits: { memory: '1Gi' }, requests: { cpu: '700m' } } }] },
        },
      },
    });
    expect(JSON.stringify(copyOfDeployment(limited, 1, pod))).not.toContain('2Gi');
  });
});

describe('the copies of a Service and a budget', () => {
  it('are a plain Service without what monitors and balancers read', () => {
    const rich: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'api',
        labels: { scrape: 'yes' },
        annotations: { 'example.com/dns': 'api.example.com' },
      },
      spec: {
        type: 'LoadBalancer',
        sessionAffinity: 'ClientIP',
        selector: { app: 'api' },
        ports: [{ port: 80, targetPort: 'http', nodePort: 30_080 }],
      },
    };
    expect(copyOfService(rich)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'api-next' },
      spec: {
        type: 'ClusterIP',
        selector: { app: 'api', [TRACK]: 'next' },
        ports: [{ port: 80, targetPort: 'http' }],
      },
    });
  });

  it('let one pod of the copy go at a time', () => {
    expect(copyOfBudget(budget('api'))).toEqual({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'api-next' },
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: { app: 'api', [TRACK]: 'next' } },
      },
    });
  });

  it('come before the copies of Deployments, each once', () => {
    const objects = [deployment('api'), service('api'), budget('api'), deployment('other'), budget('other')];
    const { workloads } = mayGoInSteps(objects, { steps });
    const copies = copiesOf(objects, workloads, () => 1);
    expect(copies.map(({ object, copyOf }) => `${object.kind} ${object.metadata.name} of ${copyOf}`)).toEqual(
      ['Service api-next of api', 'PodDisruptionBudget api-next of api', 'Deployment api-next of api'],
    );
  });
});

describe('a held object', () => {
  it.each([
    ['stable', { app: 'api', [TRACK]: 'stable' }],
    ['both', { app: 'api' }],
    ['next', { app: 'api', [TRACK]: 'next' }],
  ] as const)('sends to the pods of %s, whatever it did before', (form, selector) => {
    const held = heldForm(service('api'), form);
    expect(held).toEqual({ ...service('api'), spec: { selector, ports: [{ port: 80 }] } });
    expect(heldForm(heldForm(service('api'), 'next'), form)).toEqual(held);
  });

  it('is narrowed to stable, if it is a budget', () => {
    expect(heldForm(budget('api'), 'both')).toMatchObject({
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'api', [TRACK]: 'stable' } } },
    });
  });
});

describe('the label of stable', () => {
  const [plain, changed] = [deployment('api'), deployment('api', { container: { image: 'api:2' } })];
  const tracked = withTrack(plain, 'stable');

  it.each([
    ['a new Deployment', changed, undefined, true],
    ['a template that changes anyway', changed, plain, true],
    ['a template that does not change', plain, plain, false],
    ['a change of the replicas alone', deployment('api', { replicas: 9 }), plain, false],
    ['pods that have it', plain, tracked, true],
  ])('for %s', (_, after, before, isWritten) => {
    expect(getsTrack(after, before, true)).toBe(isWritten);
  });

  it('is written by no release without steps, and stays where it is', () => {
    expect([undefined, plain].map(before => getsTrack(changed, before, false))).toEqual([false, false]);
    expect(getsTrack(changed, tracked, false)).toBe(true);
  });

  it('is in the pods only, and can be taken out again', () => {
    expect(trackOf(tracked)).toBe('stable');
    expect(tracked['spec']).toMatchObject({ selector: { matchLabels: { app: 'api' } } });
    expect(withoutTrack(tracked)).toEqual(plain);
    expect(withoutTrack(plain)).toBe(plain);
  });
});

describe('the size of a copy in a step', () => {
  const sizes = (stable: number, copy: number, takesWork = false) =>
    steps.map((_, at) => sizeInStep({ steps }, at, { stable, copy, takesWork }));

  it('follows its weight', () => {
    expect(sizes(8, 0)).toEqual([2, 2, 8]);
  });

  it('grows with stable and never shrinks', () => {
    expect(sizes(16, 2)).toEqual([4, 4, 16]);
    expect(sizes(4, 4)).toEqual([4, 4, 4]);
  });

  it('is 0 for a worker before the first weight', () => {
    expect(sizes(8, 0, true)).toEqual([0, 2, 8]);
  });
});
