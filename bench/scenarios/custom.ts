import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { onceThere, type Scenario, type Stage } from './scenario.ts';
import { type Containers, deployment } from './workloads.ts';

const SOON = 2_000;
const GATEWAYS = 'gateway.networking.k8s.io';

/** Custom resources in various states, as their controllers would write them. */
export function customScenarios({ serving }: Containers): readonly Scenario[] {
  const site = object('sites.example/v1', 'Site', {});
  const ofSite = (name: string, status: JsonObject) => ({
    name: `custom resource: ${name}`,
    given: () => [definition('sites.example', 'Site', 'sites')],
    objects: [site],
    meanwhile: (stage: Stage) => becomes(stage, site, status),
  });
  const both = { parentRefs: [{ name: 'one' }, { name: 'two' }] };
  const route = object(`${GATEWAYS}/v1`, 'HTTPRoute', both);
  const gateway = object(`${GATEWAYS}/v1`, 'Gateway', { listeners: [{ name: 'http' }] });
  const answer = (name: string) => ({
    parentRef: { name },
    conditions: [condition('Accepted', 'True'), condition('ResolvedRefs', 'True')],
  });
  const ofGateway = (name: string, subject: KubernetesObject, status: JsonObject) => ({
    name: `custom resource: ${name}`,
    given: () => [definition(GATEWAYS, subject.kind, `${subject.kind.toLowerCase()}s`)],
    objects: [subject],
    meanwhile: (stage: Stage) => becomes(stage, subject, status),
  });
  const timedOut = { verdict: 'timed-out' } as const;
  const succeeded = { verdict: 'succeeded', reason: /became ready/ } as const;
  return [
    {
      ...ofSite('Ready is True, Synced is False for an error', {
        conditions: [condition('Ready', 'True'), condition('Synced', 'False', 'ReconcileError')],
      }),
      ...timedOut,
      reason: /status.conditions\[Synced\] is False \(ReconcileError/,
    },
    {
      ...ofSite('Stalled is True', { conditions: [condition('Stalled', 'True', 'NoMoreRetries')] }),
      inputs: { timeout: '60s' },
      verdict: 'failed',
      reason: /status.conditions\[Stalled\] is True/,
    },
    {
      ...ofSite('Ready is False because of InstallFailed', {
        conditions: [condition('Ready', 'False', 'InstallFailed')],
      }),
      inputs: { timeout: '90s' },
      verdict: 'failed',
      reason: /InstallFailed/,
    },
    { ...ofSite('its phase is Failed', { phase: 'Failed' }), ...timedOut, reason: /status.phase is Failed/ },
    {
      ...ofSite('Ready is about an older generation', {
        conditions: [{ ...condition('Ready', 'True'), observedGeneration: 1 }],
      }),
      ...timedOut,
      reason: /is about generation 1, not/,
    },
    { ...ofSite('Ready is True', { conditions: [condition('Ready', 'True')] }), ...succeeded },
    {
      name: 'custom resource: paused by its manifest',
      given: () => [definition('sites.example', 'Site', 'sites')],
      objects: [object('sites.example/v1', 'Site', { paused: true })],
      ...succeeded,
      evidence: /it is paused: spec.paused is true/,
    },
    {
      name: 'custom resource: paused by hand',
      given: () => [definition('sites.example', 'Site', 'sites')],
      objects: [site],
      after: async stage => {
        const reference = referenceIn(stage.namespace, site);
        await onceThere(stage, reference);
        await stage.client.patch(reference, { spec: { paused: true } });
      },
      ...timedOut,
      reason: /spec.paused is true, by spec.paused/,
    },
    {
      ...ofGateway('a route of which one of two parents has answered', route, { parents: [answer('one')] }),
      ...timedOut,
      reason: /no answer of Gateway two/,
    },
    {
      ...ofGateway('a route that both of its parents accepted', route, {
        parents: [answer('one'), answer('two')],
      }),
      ...succeeded,
    },
    {
      ...ofGateway('a Gateway that is programmed, with a listener without its certificate', gateway, {
        conditions: [condition('Programmed', 'True')],
        listeners: [
          { name: 'http', conditions: [condition('ResolvedRefs', 'False', 'InvalidCertificateRef')] },
        ],
      }),
      ...timedOut,
      reason: /listeners\[http\].*InvalidCertificateRef/,
    },
    {
      name: 'autoscaler of a kind without a selector',
      given: () => [scalable()],
      objects: [autoscaler(), deployment(serving()), object('fleets.example/v1', 'Fleet', { replicas: 1 })],
      inputs: { timeout: '60s' },
      verdict: 'failed',
      reason: /InvalidSelector|selector/,
    },
  ];
}

function object(apiVersion: string, kind: string, spec: JsonObject): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'shop' }, spec };
}

function condition(type: string, status: string, reason = 'Told') {
  return { type, status, reason, message: 'as it was told', lastTransitionTime: '2026-11-29T00:00:00Z' };
}

function definition(group: string, kind: string, plural: string, more: JsonObject = {}): KubernetesObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const names = { plural, singular: kind.toLowerCase(), kind };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' },
    },
    spec: {
      group,
      scope: 'Namespaced',
      names,
      versions: [{ name: 'v1', served: true, storage: true, schema, ...more }],
    },
  };
}

/** A kind that can be scaled, and does not say which pods are its own. */
function scalable(): KubernetesObject {
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
  return definition('fleets.example', 'Fleet', 'fleets', { subresources: { scale } });
}

function autoscaler(): KubernetesObject {
  const scaleTargetRef = { apiVersion: 'fleets.example/v1', kind: 'Fleet', name: 'shop' };
  return object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    scaleTargetRef,
    minReplicas: 1,
    maxReplicas: 2,
  });
}

const referenceIn = (namespace: string, { apiVersion, kind }: KubernetesObject) => ({
  apiVersion,
  kind,
  namespace,
  name: 'shop',
});

async function becomes(stage: Stage, subject: KubernetesObject, status: JsonObject) {
  await new Promise(done => setTimeout(done, SOON));
  const reference = referenceIn(stage.namespace, subject);
  await onceThere(stage, reference);
  await stage.client.patch(reference, { status });
}
