import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, type Release, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { watchRollout } from '@slipway/rollout';
import { TEST_LIMIT } from '@slipway/testbed/jest';
import { ordered, workload } from '@slipway/testkit/objects';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import { reportOf, useBundle } from './bundle-on-testbed.ts';

const bundle = useBundle({ parts: ['cluster'], nodes: 2 });

beforeAll(async () => {
  await definePonies();
});

/** A kind whose objects say in their own way how they fare. */
async function definePonies(): Promise<void> {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await bundle.client.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'ponies.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'ponies', singular: 'pony', kind: 'Pony' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    name: 'ponies.example.com',
  };
  const terms = { stableFor: 0, timeout: TEST_LIMIT, clock: () => new Date(), logger: silentLogger };
  const { signal } = new AbortController();
  await watchRollout({ client: bundle.client, objects: [definition], signal, ...terms });
}

const pony = (mood: string): KubernetesObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Pony',
  metadata: { name: 'lucky' },
  status: { mood },
});

const PONY_RULE = {
  group: 'example.com',
  kind: 'Pony',
  ready: 'object.status.mood == "happy"',
  failed: 'object.status.mood == "ill"',
  message: '"it is " + object.status.mood',
};

const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'api' },
  spec: { selector: { app: 'api' }, ports: [{ port: 80 }] },
};

const smoke = (behaviour?: string): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'smoke' },
  spec: {
    suspend: true,
    backoffLimit: 0,
    template: {
      metadata:
        behaviour === undefined ? {} : { annotations: { 'testbed.slipway.dev/behaviour': behaviour } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'shop/smoke:1' }] },
    },
  },
});

function annotated(object: KubernetesObject, annotations: Record<string, string>): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations } };
}

async function deployed(objects: readonly KubernetesObject[], verify?: Release['verify']): Promise<Release> {
  return deployObjects(bundle.client, { namespace: await bundle.newNamespace(), verify }, objects);
}

const verify = ({ number, namespace }: Release, inputs: Readonly<Record<string, string>> = {}) =>
  bundle.verify({ release: String(number), namespace, ...inputs });

describe('checks', () => {
  it('of the formation pass with the release, and are noted', async () => {
    const release = await deployed([workload('api'), smoke()], {
      checks: [{ name: 'smoke', job: { name: 'smoke' } }],
    });
    const step = await verify(release);
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
    expect(reportOf(step)).toMatchObject({
      checks: [{ name: 'smoke', status: 'passed' }],
      summary: expect.stringMatching(/^2 objects became ready and stayed ready, and 1 check passed, after/),
    });
    expect(step.summary).toContain('| check | result | what it found |');
    expect(step.log).toMatch(/✓ check smoke: Job smoke-check-\w+ completed/);
  });

  it('that fail are the verdict, and a reason to roll back', async () => {
    const checks = [{ name: 'smoke', job: { name: 'smoke' } }];
    const first = await deployed([workload('api'), smoke()], { checks });
    await close(bundle.client, first);
    const worse = [workload('api', undefined, 'shop/main:2'), smoke('crash-loop')];
    const release = await deployObjects(
      bundle.client,
      { namespace: first.namespace, verify: { checks } },
      worse,
    );
    const step = await verify(release, { 'on-failure': 'rollback' });
    expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
      1,
      'rolled-back',
      '1',
    ]);
    expect(reportOf(step).summary).toMatch(
      /^check "smoke" failed: Job \S+ failed: .*exit code 3.*Rolled back to release 1/,
    );
    expect(await recordOf(bundle.client, first.namespace, 2)).toMatchObject({ verdict: 'rolled-back' });
  });

  it('of the input are added to those of the formation, and may be in a file', async () => {
    const workspace = bundle.newFolder();
    const checks = [{ name: 'own', job: { manifest: { ...smoke(), metadata: { name: 'own' } } } }];
    writeFileSync(join(workspace, 'checks.yaml'), JSON.stringify(checks));
    const release = await deployed([workload('api'), smoke()], {
      checks: [{ name: 'smoke', job: { name: 'smoke' } }],
    });
    const { number, namespace } = release;
    const step = await bundle.verify(
      { release: String(number), namespace, checks: 'checks.yaml' },
      workspace,
    );
    expect(reportOf(step).checks).toMatchObject([
      { name: 'smoke', status: 'passed' },
      { name: 'own', status: 'passed' },
    ]);
  });

  it('are asked of the Service, for as long as they say', async () => {
    const checks = '- name: front\n  http: {service: api, path: "/${namespace}", within: 1s, interval: 1s}\n';
    const step = await verify(await deployed([workload('api'), service]), { checks });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(reportOf(step).summary).toMatch(
      /^check "front" failed: GET \/shop-\d+ of Service api (?:could not be reached|answered \d+, not 200|did not answer within)/,
    );
  });

  it.each<[string, string, RegExp]>([
    [
      'a mistake',
      '- name: a\n  http: {servce: api}',
      /input checks:2:10: unknown field "servce"; did you mean "service"\?/,
    ],
    ['a file that is not there', 'none.yaml', /the file "none.yaml" of input "checks" cannot be read/],
    ['no list', 'name: a', /must be a list/],
    [
      'a Service that is not of the release',
      '- {name: a, http: {service: web}}',
      /check "a" asks the Service "web", which is not part of the release/,
    ],
  ])('are refused before anything is watched: %s', async (_, checks, sentence) => {
    const step = await verify(await deployed([workload('api')]), { checks });
    const said = step.annotations.map(({ message }) => message).join('\n');
    expect(said).toMatch(sentence);
    expect(step.outputs['verdict']).toBeUndefined();
  });
});

describe('rules for custom resources', () => {
  it.each<[string, string, string, RegExp]>([
    ['happy', 'succeeded', 'ready', /^it is happy$/],
    ['ill', 'failed', 'failed', /^it is ill$/],
    ['sleepy', 'timed-out', 'in-progress', /^it is sleepy$/],
  ])('decide: %s', async (mood, verdict, status, message) => {
    const step = await verify(await deployed([pony(mood)], { status: [PONY_RULE] }), { timeout: '2s' });
    expect(step.outputs['verdict']).toBe(verdict);
    expect(reportOf(step).objects).toMatchObject([{ status, message: expect.stringMatching(message) }]);
  });

  it('may come from the input, and do not pass if they cannot be evaluated', async () => {
    const rules = '- {group: example.com, kind: Pony, ready: object.status.rider.name == "Ada"}';
    const step = await verify(await deployed([pony('happy')]), { 'status-rules': rules, timeout: '2s' });
    expect(step.outputs['verdict']).toBe('timed-out');
    expect(reportOf(step).summary).toMatch(
      /its status rule "ready" cannot be evaluated: .*rider.*; test fields that may be missing with has\(…\)/,
    );
  });

  it('hold for the stages of a deployment too', async () => {
    const first = ordered(pony('ill'), '-1');
    const stopped = deployed([first, workload('api')], { status: [PONY_RULE] });
    await expect(stopped).rejects.toThrow(/Pony shop-\d+\/lucky failed: it is ill/);
  });

  it('are refused if they are not expressions', async () => {
    const rules = '- {group: example.com, kind: Pony, ready: "object.status ="}';
    const step = await verify(await deployed([pony('happy')]), { 'status-rules': rules });
    expect(step.annotations).toMatchObject([
      {
        message: expect.stringMatching(
          /the status rule of "example.com\/Pony" has an invalid expression in "ready"/,
        ),
      },
    ]);
  });
});

describe('times', () => {
  it('of an object come before those of the release: it may crash until what it needs is there', async () => {
    const patient = annotated(workload('api', 'crash-loop'), { 'slipway.dev/crash-window': '5s' });
    const step = await verify(await deployed([patient]));
    expect(step.outputs['verdict']).toBe('failed');
    // The second crash comes some two seconds after the first.
    expect(step.milliseconds).toBeGreaterThan(5_000);
  });

  it('of the formation say how long a trouble may last', async () => {
    const release = await deployed([workload('api', 'image-pull')], { windows: { pull: '10s' } });
    const step = await verify(release);
    expect(step.outputs['verdict']).toBe('failed');
    // By default it would have lasted half as long.
    expect(step.milliseconds).toBeGreaterThan(10_000);
  });

  it('altogether end it also where there is progress', async () => {
    const step = await verify(await deployed([workload('api', 'slow')]), { deadline: '3s' });
    expect(step.outputs['verdict']).toBe('timed-out');
    expect(reportOf(step).summary).toMatch(/^Deployment shop-\d+\/api was not ready by its deadline: /);
  });
});

describe('what the application says', () => {
  const HOSTILE =
    '::error file=a.ts::owned\n::set-output name=verdict::succeeded\r<img src=x onerror=1> **bold** \u001b[31m@all\u202e';

  it('means nothing to the runner, to Markdown or to a terminal', async () => {
    const { spec } = workload('api', 'crash-loop');
    const hostile = structuredClone(workload('api', 'crash-loop')) as JsonObject & KubernetesObject;
    const template = (spec as { template: { metadata: { annotations: Record<string, string> } } }).template;
    template.metadata.annotations['testbed.slipway.dev/message'] = HOSTILE;
    const step = await verify(await deployed([{ ...hostile, spec: spec as JsonObject }]));
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(step.annotations).toHaveLength(1);
    expect(step.annotations[0]?.file).toBeUndefined();
    expect(step.summary).not.toMatch(/<img|\*\*bold\*\*/);
    for (const text of [step.summary, step.raw]) expect(text).not.toMatch(/\u001b|\u202e/);
    expect(step.raw).not.toMatch(/^::(?:error file=a\.ts|set-output)/m);
    // It is told all the same, as text.
    expect(reportOf(step).summary).toContain('owned');
  });
});
