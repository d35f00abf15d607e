import { describe, expect, it } from '@jest/globals';
import { type JsonValue, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { neighbours } from './support/neighbours.ts';
import { type Files, problemsOf, rendered } from './support/shop.ts';

const canary = (labels: string, more = ''): Files => ({
  'formations/canary.yaml': `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: canary}\nspec:\n  labels: ${labels}\n  destinations: {main: {namespace: shop-staging}}\n${more}`,
});
const target = { formation: 'canary', destination: 'main' };

async function labelledObjects(stencil: string, labels = '{track: canary}'): Promise<KubernetesObject[]> {
  const { objects } = await rendered({ 'stencils/config.yaml': stencil, ...canary(labels) }, target);
  return objects.map(({ object }) => object);
}

function at(
  objects: readonly KubernetesObject[],
  kind: string,
  path: readonly (string | number)[],
): JsonValue | undefined {
  const object = objects.find(found => found.kind === kind);
  return object && valueAt(object, [...path]);
}

const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [api, web]}]}
  ingress:
    - from:
        - podSelector: {matchLabels: {app: db}}
        - podSelector: {matchLabels: {app: gateway}}
        - podSelector: {}
        - podSelector: {matchLabels: {app: api}}
          namespaceSelector: {matchLabels: {team: x}}
---
`;

const track = { track: 'canary' };
const cases: Record<string, [kind: string, path: (string | number)[], expected: JsonValue | undefined]> = {
  'an object that has labels': ['Deployment', ['metadata', 'labels'], { app: 'api', ...track }],
  'an object that has none': ['ConfigMap', ['metadata', 'labels'], track],
  'a pod template': ['Deployment', ['spec', 'template', 'metadata', 'labels'], { app: 'api', ...track }],
  "a CronJob's pods": ['CronJob', ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels'], track],
  "a CronJob's jobs": ['CronJob', ['spec', 'jobTemplate', 'metadata', 'labels'], track],
  'a claim template': ['StatefulSet', ['spec', 'volumeClaimTemplates', 0, 'metadata', 'labels'], track],
  "a workload's selector": ['StatefulSet', ['spec', 'selector', 'matchLabels'], { app: 'db', ...track }],
  "a Service's selector": ['Service', ['spec', 'selector'], { app: 'api', ...track }],
  "a disruption budget's selector": [
    'PodDisruptionBudget',
    ['spec', 'selector', 'matchLabels'],
    { app: 'api', ...track },
  ],
  'a selector that has expressions': [
    'NetworkPolicy',
    ['spec', 'podSelector'],
    { matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }], matchLabels: track },
  ],
};

describe("a formation's labels", () => {
  const objects = labelledObjects(policy + neighbours);

  it.each(Object.entries(cases))('go to %s', async (_name, [kind, path, expected]) => {
    expect(at(await objects, kind, path)).toEqual(expected);
  });

  it('go to peers of the formation, and to no selector of others, of all, or of other namespaces', async () => {
    expect(at(await objects, 'NetworkPolicy', ['spec', 'ingress', 0, 'from'])).toEqual([
      { podSelector: { matchLabels: { app: 'db', ...track } } },
      { podSelector: { matchLabels: { app: 'gateway' } } },
      { podSelector: {} },
      {
        podSelector: { matchLabels: { app: 'api' } },
        namespaceSelector: { matchLabels: { team: 'x' } },
      },
    ]);
  });

  it('are in the manifest as they are in the objects, with a name prefix too', async () => {
    const formation = canary('{track: "${formation}", tier: a}', '  name-prefix: ${formation}-\n');
    const { objects, manifests } = await rendered(
      { 'stencils/config.yaml': `# All of it.\n${policy}${neighbours}`, ...formation },
      target,
    );
    const written = parseDocuments(manifests.get('manifests/config.yaml') ?? '', 'config.yaml');
    expect(written.map(({ value }) => value)).toEqual(objects.map(({ object }) => object));
    expect(objects).toHaveLength(20);
  });

  it('leave kinds of other projects that are only named like those of Kubernetes', async () => {
    const [foreign] = await labelledObjects(
      'apiVersion: batch.volcano.sh/v1alpha1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {queue: b}}}\n',
    );
    expect(foreign?.metadata['labels']).toEqual(track);
    expect(foreign?.['spec']).toEqual({ jobTemplate: { spec: { queue: 'b' } } });
  });

  it('do not add a selector to a Service without one', async () => {
    const [service] = await labelledObjects(
      'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ExternalName, externalName: a.example}\n',
    );
    expect(service?.['spec']).toEqual({ type: 'ExternalName', externalName: 'a.example' });
  });

  it('go into affinities that select pods of the formation', async () => {
    const term = '{topologyKey: zone, labelSelector: {matchLabels: {app: a}}}';
    const [deployment] = await labelledObjects(`apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution: [${term}]
          preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: ${term}}]
      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, labelSelector: {matchLabels: {app: a}}}]
`);
    const found = JSON.stringify(deployment?.['spec']).match(
      /"labelSelector":\{"matchLabels":\{"app":"a","track":"canary"\}\}/g,
    );
    expect(found).toHaveLength(3);
  });

  it("win over a stencil's, are filled, and are inherited from the extended formation", async () => {
    const files = {
      'stencils/config.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {team: x, a: b}}\n',
      ...canary('{team: z, tier: base}'),
      'formations/next.yaml':
        'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: next}\nspec:\n  extends: canary\n  labels: {tier: "${destination}"}\n  destinations: {main: {namespace: x}}\n',
    };
    const { objects } = await rendered(files, { formation: 'next', destination: 'main' });
    expect(objects[0]?.object.metadata['labels']).toEqual({ team: 'z', a: 'b', tier: 'main' });
    expect(objects[0]?.positionAt('/metadata/labels/tier')).toMatchObject({
      path: 'formations/next.yaml',
      line: 6,
    });
    expect(objects[0]?.positionAt('/metadata/labels/team')).toMatchObject({
      path: 'formations/canary.yaml',
      line: 5,
    });
  });

  it.each(['{"a b": x}', '{a: "b c"}', '{a: "-x"}', `{a: ${'x'.repeat(64)}}`])(
    'cannot be %s',
    async labels => {
      expect(await problemsOf(() => rendered(canary(labels), target))).toEqual([
        expect.stringMatching(/^label-invalid formations\/canary\.yaml:5:/),
      ]);
    },
  );
});
