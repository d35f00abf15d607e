import { describe, expect, it } from '@jest/globals';
import type { JsonObject, StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import {
  advice,
  checkProblems,
  lackingPorts,
  manifestProblems,
  mayGoInSteps,
  nothingInSteps,
  selectorProblems,
  singlePods,
  unjudged,
} from '@slipway/steps';
import { autoscaler, budget, deployment, service, statefulSet } from '@slipway/testkit/objects';

const canary: StepStrategy = { steps: [{ weight: 20 }] };
const blueGreen: StepStrategy = { steps: [{ weight: 0 }, { weight: 100 }] };

function withSpec(object: KubernetesObject, spec: JsonObject, metadata: JsonObject = {}): KubernetesObject {
  return {
    ...object,
    metadata: { ...object.metadata, ...metadata },
    spec: { ...(object['spec'] as JsonObject), ...spec },
  };
}

const api = deployment('api', { replicas: 8 });

function problems(objects: readonly KubernetesObject[], strategy = canary) {
  return manifestProblems(objects, strategy).map(({ code, object, pointer, message }) => ({
    where: `${code} ${object === undefined ? 'strategy' : `${object.kind} ${object.name}`} ${pointer}`,
    message,
  }));
}

function where(objects: readonly KubernetesObject[], strategy = canary): string[] {
  return problems(objects, strategy).map(found => found.where);
}

describe('manifests that can go in steps', () => {
  it('have nothing against them', () => {
    const objects = [api, service('api'), budget('api'), deployment('mailer')];
    expect(where(objects)).toEqual([]);
    expect(where(objects, blueGreen)).toEqual([]);
  });
});

describe('a Service', () => {
  it('is refused if it selects several workloads', () => {
    const both = { ...statefulSet('db'), spec: { template: { metadata: { labels: { app: 'api' } } } } };
    expect(problems([api, both, service('api')])).toMatchObject([
      {
        where: 'steps-selector Service api /spec/selector',
        message: 'the selector of Service api selects Deployment api and StatefulSet db',
      },
    ]);
  });

  it('is refused with pods that are not Ready', () => {
    const early = withSpec(service('api'), { publishNotReadyAddresses: true });
    expect(where([api, early])).toEqual(['steps-service-unfit Service api /spec/publishNotReadyAddresses']);
  });

  it.each<[string, KubernetesObject[], string]>([
    ['headless', [withSpec(service('api'), { clusterIP: 'None' })], 'Service api /spec/clusterIP'],
    [
      'local inside of the cluster',
      [withSpec(service('api'), { internalTrafficPolicy: 'Local' })],
      'Service api /spec/internalTrafficPolicy',
    ],
    [
      'local from outside',
      [withSpec(service('api'), { externalTrafficPolicy: 'Local' })],
      'Service api /spec/externalTrafficPolicy',
    ],
    [
      'the target of a balancer of Google',
      [withSpec(service('api'), {}, { annotations: { 'cloud.google.com/neg-status': '{}' } })],
      'Service api /metadata/annotations/cloud.google.com~1neg-status',
    ],
    [
      'the target of a balancer of AWS',
      [
        service('api'),
        {
          apiVersion: 'elbv2.k8s.aws/v1beta1',
          kind: 'TargetGroupBinding',
          metadata: { name: 'group' },
          spec: { serviceRef: { name: 'api', port: 80 } },
        },
      ],
      'TargetGroupBinding group /spec/serviceRef/name',
    ],
  ])('is refused at a weight of 100 if it is %s', (_, objects, pointer) => {
    expect(where([api, ...objects])).toEqual([]);
    expect(where([api, ...objects], blueGreen)).toEqual([`steps-service-unfit ${pointer}`]);
  });

  it('is refused at a weight of 100 if the strategy or readiness gates say that a balancer knows its pods', () => {
    const addressed: StepStrategy = { ...blueGreen, balancer: 'addresses' };
    expect(where([api, service('api')], addressed)).toEqual(['steps-service-unfit Service api /spec']);
    const gated = deployment('api', { pod: { readinessGates: [{ conditionType: 'target-health' }] } });
    expect(where([gated, service('api')], blueGreen)).toEqual([
      'steps-service-unfit Deployment api /spec/template/spec/readinessGates',
    ]);
  });

  it('must send to a port that the pods have', () => {
    const named = withSpec(service('api'), { ports: [{ port: 80, targetPort: 'http' }] });
    expect(problems([api, named])).toEqual([
      {
        where: 'steps-port Service api /spec/ports/0/targetPort',
        message: 'the pods of Deployment api have no port "http", which Service api sends to',
      },
    ]);
    const serving = deployment('api', { container: { ports: [{ name: 'http', containerPort: 80 }] } });
    expect(lackingPorts(named, serving)).toEqual([]);
  });

  it('must select the pods of both versions', () => {
    const selecting = withSpec(service('api'), { selector: { app: 'api', tier: 'web' } });
    const tiered: KubernetesObject = {
      ...api,
      spec: { template: { metadata: { labels: { app: 'api', tier: 'web' } } } },
    };
    expect(selectorProblems(selecting, tiered, tiered)).toEqual([]);
    expect(selectorProblems(selecting, api, tiered)).toMatchObject([
      {
        pointer: '/spec/selector/tier',
        message:
          'the selector of Service api asks for the label tier: web, which the pods of the version that serves of Deployment api do not have',
      },
    ]);
    expect(selectorProblems(selecting, tiered, api)).toHaveLength(1);
  });
});

describe('names, shares and autoscalers', () => {
  it('refuse what has the name of a copy', () => {
    expect(where([api, service('api'), service('api-next', 'x'), deployment('api-next')])).toEqual([
      'steps-name Deployment api-next /metadata/name',
      'steps-name Service api-next /metadata/name',
    ]);
  });

  it('refuse a name that is too long with its suffix', () => {
    const long = 'a'.repeat(59);
    expect(where([deployment(long, { replicas: 8 }), service('s', long)])).toEqual([
      `steps-name Deployment ${long} /metadata/name`,
    ]);
    const fits = 'a'.repeat(58);
    expect(where([deployment(fits, { replicas: 8 }), service('s', fits)])).toEqual([]);
  });

  it('refuse a weight that the number of pods more than doubles', () => {
    const found = manifestProblems([deployment('api', { replicas: 4 }), service('api')], {
      steps: [{ weight: 5 }],
    });
    expect(found).toMatchObject([
      {
        code: 'steps-share',
        pointer: '/steps/0/weight',
        message: 'a weight of 5 beside 4 pods of Deployment api would be 20 %',
        remedy: 'run 19 pods, or write weight 20',
      },
    ]);
    const alone = manifestProblems([deployment('api', { replicas: 1 }), service('api')], {
      steps: [{ weight: 20 }],
    });
    expect(alone).toMatchObject([
      {
        message: 'a weight of 20 beside 1 pod of Deployment api would be 50 %',
        remedy: 'run 4 pods, or write weight 50',
      },
    ]);
    const alone4 = (more: object): string | undefined =>
      manifestProblems([deployment('api', { replicas: 4 }), service('api')], {
        steps: [{ weight: 5, pause: 'qa', ...more }],
      }).find(({ pointer }) => pointer === '/steps/0/weight')?.remedy;
    expect(alone4({})).toBe('run 19 pods, or write weight 20 and unwatched: true');
    expect(alone4({ unwatched: true })).toBe('run 19 pods, or write weight 20');
  });

  it('do not judge a number of pods that an autoscaler changes', () => {
    const objects = [deployment('api', { replicas: 4 }), service('api'), autoscaler('api')];
    expect(where(objects, { steps: [{ weight: 5 }] })).toEqual([]);
  });

  it('refuse a weight of 100 beside an autoscaler', () => {
    expect(where([api, service('api'), autoscaler('api')], blueGreen)).toEqual([
      'steps-autoscaler strategy /steps/1/weight',
    ]);
  });

  it.each<[string, JsonObject, string | undefined]>([
    [
      'External',
      { type: 'External', external: { target: { type: 'Value', value: '10' } } },
      'external/target/type',
    ],
    ['Object', { type: 'Object', object: { target: { type: 'Value', value: '10' } } }, 'object/target/type'],
    [
      'averaged',
      { type: 'External', external: { target: { type: 'AverageValue', averageValue: '10' } } },
      undefined,
    ],
  ])('refuse metrics of type Value: %s', (_, metric, path) => {
    const scaler = withSpec(autoscaler('api'), { metrics: [metric] });
    expect(where([api, service('api'), scaler])).toEqual(
      path === undefined ? [] : [`steps-autoscaler HorizontalPodAutoscaler api /spec/metrics/0/${path}`],
    );
  });
});

describe('a budget', () => {
  it('is refused if it covers a workload that has no copy', () => {
    const shared = {
      ...budget('all'),
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'api' } } },
    };
    const db = withSpec(statefulSet('db'), {
      template: { metadata: { labels: { app: 'api' } } },
    });
    expect(where([api, db, shared])).toEqual([]);
    const found = where([api, db, shared, withSpec(service('api'), {})]);
    expect(found).toEqual([
      'steps-selector Service api /spec/selector',
      'steps-selector PodDisruptionBudget all /spec/selector',
    ]);
  });
});

describe('an annotation slipway.dev/progress', () => {
  it('must be first or last', () => {
    const soon = withSpec(service('x'), {}, { annotations: { 'slipway.dev/progress': 'soon' } });
    expect(where([soon])).toEqual(['steps-progress Service x /metadata/annotations/slipway.dev~1progress']);
  });
});

describe('the label slipway.dev/track', () => {
  const track = { 'slipway.dev/track': 'stable' };

  it.each<[string, KubernetesObject, string]>([
    [
      'pods',
      withSpec(api, { template: { metadata: { labels: { app: 'api', ...track } } } }),
      'Deployment api /spec/template/metadata/labels',
    ],
    [
      'the selector of a Service',
      withSpec(service('x'), { selector: { app: 'x', ...track } }),
      'Service x /spec/selector',
    ],
    [
      'the selector of a budget',
      withSpec(budget('x'), { selector: { matchLabels: { app: 'x', ...track } } }),
      'PodDisruptionBudget x /spec/selector/matchLabels',
    ],
  ])('is refused in %s', (_, object, found) => {
    expect(where([object, deployment('web'), service('web')])).toEqual([`steps-reserved ${found}`]);
  });
});

describe('advice', () => {
  const messages = (object: KubernetesObject, ofService: KubernetesObject = service('api')) =>
    advice(mayGoInSteps([object, ofService], canary).workloads).map(({ message }) => message);
  const quiet = { container: { lifecycle: { preStop: { sleep: { seconds: 5 } } } } };

  it('is given for pods without preStop', () => {
    expect(messages(api)).toEqual([
      'Deployment api has no preStop, so that connections to pods that end are refused while stable is rolled',
    ]);
    expect(messages(deployment('api', quiet))).toEqual([]);
  });

  it('is given for rules of the scheduler that count both versions', () => {
    const required = [{ topologyKey: 'kubernetes.io/hostname' }];
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    const topologySpreadConstraints = [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' },
    ];
    expect(messages(deployment('api', { ...quiet, pod: { affinity } }))).toHaveLength(1);
    expect(messages(deployment('api', { ...quiet, pod: { topologySpreadConstraints } }))).toHaveLength(1);
  });

  it('is given for a Service that deals connections out in another way', () => {
    const sticky = withSpec(service('api'), {
      sessionAffinity: 'ClientIP',
      trafficDistribution: 'PreferClose',
    });
    expect(messages(deployment('api', quiet), sticky)).toHaveLength(2);
  });
});

describe('a strategy that can never do anything', () => {
  const told = (objects: readonly KubernetesObject[], strategy: Partial<StepStrategy> = {}) =>
    nothingInSteps(mayGoInSteps(objects, { ...canary, ...strategy })).map(
      ({ code, pointer, message }) => `${code} ${pointer}: ${message}`,
    );
  const none =
    'steps-advice : nothing of the formation can go in steps, so that all users get each release at once';

  it('is told with the reason of each workload', () => {
    expect(told([api])).toEqual([`${none} (Deployment api: no Service of the release selects it)`]);
    expect(told([api, service('api', 'other')])).toEqual([
      `${none} (Deployment api: no Service of the release selects it)`,
    ]);
    expect(told([statefulSet('db'), service('db')])).toEqual([
      `${none} (StatefulSet db: it is a StatefulSet)`,
    ]);
    expect(told([service('api')])).toEqual([`${none} (there is no Deployment)`]);
  });

  it('is nothing to say beside one that goes in steps, or that is refused', () => {
    expect(told([api, service('api'), statefulSet('db'), deployment('mailer')])).toEqual([]);
    expect(told([api], { workloads: ['api'] })).toEqual([]);
    expect(told([api], { workloads: [{ name: 'api', 'takes-work': true }] })).toEqual([]);
  });
});

describe('a check that a strategy cannot ask well', () => {
  const latency = (range: string, more: object = {}) => ({
    name: 'latency',
    prometheus: { query: `rate(x{pod=~"\${pods}"}[${range}])`, 'higher-by': '20%', ...more },
  });
  const baking = (bake: string, more: object = {}): StepStrategy => ({
    steps: [{ weight: 20, bake }],
    ...more,
  });

  it('is named with the bake that it needs for its values', () => {
    expect(unjudged(latency('5m'), baking('10m'))).toEqual({
      message:
        'check "latency" says nothing about step 1, which bakes for 10m: 10 values of each version that do not overlap take 50m, so that each release waits for a decision there',
      remedy: 'let it bake for 50m, or let a value look back over less time, or ask for fewer samples',
    });
    expect(unjudged(latency('5m'), baking('50m'))).toBeUndefined();
    expect(unjudged(latency('1m'), baking('10m'))).toBeUndefined();
    expect(unjudged(latency('1m'), baking('10m', { 'warm-up': '1m' }))?.remedy).toContain('bake for 11m');
    expect(unjudged(latency('1m', { samples: 5 }), baking('5m'))).toBeUndefined();
    expect(unjudged(latency('1m', { every: '15s' }), baking('9m'))?.remedy).toContain('bake for 10m');
  });

  it('is named where no step bakes with users', () => {
    const unwatched: StepStrategy = { steps: [{ weight: 0, bake: '10m' }, { weight: 20 }] };
    expect(unjudged(latency('1m'), unwatched)?.message).toMatch(/^check "latency" is never asked: no step/);
  });

  it('is not one that counts, has bounds, or is not about pods', () => {
    const bounds = { name: 'memory', prometheus: { query: 'max(m{pod=~"${pods}"}[1h])', max: 1 } };
    const counts = { bad: 'a${pods}[${window}]', all: 'b${pods}[${window}]', 'worse-by': '1%' };
    for (const check of [
      bounds,
      { name: 'errors', prometheus: counts },
      { name: 'up', http: { service: 'api' } },
    ])
      expect(unjudged(check, baking('1m'))).toBeUndefined();
    expect(unjudged({ name: 'up', http: { service: 'api' } }, { steps: [{ weight: 20 }] })).toBeUndefined();
  });
});

describe('a copy of a single pod', () => {
  const counts = {
    name: 'errors',
    prometheus: { bad: 'a${pods}[${window}]', all: 'b${pods}[${window}]', 'worse-by': '1%' },
  };
  const said = (weight: number, stable: number | undefined, more: object = {}) =>
    singlePods(
      [{ object: api, takesWork: false, stable, ...more }],
      { steps: [{ weight: 0 }, { weight, bake: '5m' }] },
      [counts, { name: 'up', http: { service: 'api' } }],
    );

  it('is advised against where counts are compared, with what gives it two pods', () => {
    expect(said(20, 4)).toEqual([
      {
        code: 'steps-advice',
        pointer: '/steps/1/weight',
        message: expect.stringMatching(
          /^the copy of Deployment api is a single pod at a weight of 20, and "errors" would count .* in 4 of 100 steps instead of in 1$/,
        ),
        remedy: 'run 6 pods, or write weight 28, so that it has two',
      },
    ]);
    expect(said(50, 1)[0]?.remedy).toBe('run 2 pods, so that it has two');
    expect(said(1, 1)[0]?.remedy).toBe('run more pods, so that it has two');
  });

  it('is nothing to say with two pods, for a worker, without a bake or a count, and where an autoscaler decides', () => {
    expect([said(25, 6), said(20, 6), said(20, undefined), said(20, 4, { takesWork: true })]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    const workload = { object: api, takesWork: false, stable: 4 };
    expect(singlePods([workload], { steps: [{ weight: 20 }] }, [counts])).toEqual([]);
    expect(singlePods([workload], { steps: [{ weight: 20, bake: '5m' }] }, [])).toEqual([]);
  });
});

describe('a check of the formation', () => {
  const query = 'sum(rate(errors_total[1m]))';

  it('cannot compare with the time before the release, as both versions serve then', () => {
    const checks = [{ name: 'errors', prometheus: { query, 'max-increase': '20%', 'max-decrease': '5%' } }];
    expect(checkProblems(checks)).toMatchObject([
      { code: 'steps-check', message: expect.stringContaining('"errors" has max-increase') },
      { code: 'steps-check', message: expect.stringContaining('"errors" has max-decrease') },
    ]);
  });

  it('can compare the versions, and have bounds', () => {
    const pods = 'rate(errors_total{pod=~"${pods}"}[1m])';
    const prometheus = { query: pods, 'higher-by': '20%', max: 5 };
    expect(
      checkProblems([
        { name: 'errors', prometheus },
        { name: 'up', http: { service: 'api' } },
      ]),
    ).toEqual([]);
  });
});
