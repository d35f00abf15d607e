import { formatPointer, type StepStrategy } from '@slipway/core';
import {
  annotationsOf,
  describeBriefly,
  type KubernetesObject,
  kindKey,
  objectAt,
  objectsAt,
  referenceTo,
  selects,
  textAt,
} from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import {
  areTogether,
  isWorkload,
  podLabels,
  podSpec,
  sendsTo,
  serviceSelector,
} from '../workloads/pods-of.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';

/** What keeps users from being moved by the Services of the workloads, by manifests alone. */
export function serviceProblems(
  objects: readonly KubernetesObject[],
  workloads: readonly StepWorkload[],
  strategy: StepStrategy,
): StepsProblem[] {
  return workloads.flatMap(workload =>
    workload.services.flatMap(service => [
      ...several(service, objects),
      ...notReady(service),
      ...lackingPorts(service, workload.object),
      ...atHundred(service, workload, objects, strategy),
    ]),
  );
}

/** While a release is open, a Service is narrowed to the pods of one workload. */
function several(service: KubernetesObject, objects: readonly KubernetesObject[]): StepsProblem[] {
  const selected = objects.filter(object => isWorkload(object) && sendsTo(service, object));
  if (selected.length < 2) return [];
  const names = selected.map(object => describeBriefly(referenceTo(object))).join(' and ');
  return [
    {
      ...at(service, '/spec/selector'),
      code: 'steps-selector',
      message: `the selector of ${describe(service)} selects ${names}`,
      remedy: 'write a selector that selects one of them, or take the formation out of steps',
    },
  ];
}

function notReady(service: KubernetesObject): StepsProblem[] {
  if (objectAt(service, 'spec')?.['publishNotReadyAddresses'] !== true) return [];
  return [
    {
      ...at(service, '/spec/publishNotReadyAddresses'),
      code: 'steps-service-unfit',
      message: `${describe(service)} has publishNotReadyAddresses, so that pods which are not Ready would get users`,
      remedy: 'remove the field',
    },
  ];
}

/**
 * The named ports that a Service sends to and the pods of a workload lack. The Service keeps the ports of the release before until the
 * commit, so that it is asked for both.
 */
export function lackingPorts(service: KubernetesObject, workload: KubernetesObject): StepsProblem[] {
  const names = new Set(
    ['containers', 'initContainers']
      .flatMap(list => objectsAt(podSpec(workload), list))
      .flatMap(container => objectsAt(container, 'ports'))
      .map(port => port['name']),
  );
  return objectsAt(service, 'spec', 'ports').flatMap((port, index) => {
    const name = textAt(port, 'targetPort');
    if (name === undefined || names.has(name)) return [];
    return [
      {
        ...at(service, formatPointer(['spec', 'ports', index, 'targetPort'])),
        code: 'steps-port' as const,
        message: `the pods of ${describe(workload)} have no port "${name}", which ${describe(service)} sends to`,
        remedy: 'keep the name of the port, or change the Service one release earlier',
      },
    ];
  });
}

/**
 * What a Service cannot do at a weight of 100, where all of its connections change the set of pods at once.
 * https://github.com/argoproj/argo-rollouts/issues/1283
 */
function atHundred(
  service: KubernetesObject,
  workload: StepWorkload,
  objects: readonly KubernetesObject[],
  strategy: StepStrategy,
): StepsProblem[] {
  if (!strategy.steps.some(({ weight }) => weight === 100)) return [];
  const found = [...limitsOf(service), ...balanced(service, workload.object, objects)];
  const spoken = strategy.balancer === 'addresses' ? [BALANCER] : [];
  return [...found, ...spoken].map(({ object = service, pointer, reason }) => ({
    ...at(object, pointer),
    code: 'steps-service-unfit' as const,
    message: `${describe(service)} cannot be switched to the copy at a weight of 100: ${reason}`,
    remedy: 'use weights up to 50',
  }));
}

interface Limit {
  readonly object?: KubernetesObject;
  readonly pointer: string;
  readonly reason: string;
}

const BALANCER: Limit = {
  pointer: '/spec',
  reason: 'the strategy says that a balancer sends to the addresses of pods, which learns of a change late',
};

function limitsOf(service: KubernetesObject): Limit[] {
  const spec = objectAt(service, 'spec') ?? {};
  const local = ['internalTrafficPolicy', 'externalTrafficPolicy'].filter(field => spec[field] === 'Local');
  return [
    ...(spec['clusterIP'] === 'None'
      ? [{ pointer: '/spec/clusterIP', reason: 'it is headless, so that clients keep the addresses of pods' }]
      : []),
    ...local.map(field => ({
      pointer: `/spec/${field}`,
      reason: `its ${field} is Local, and a node may have pods of one version only`,
    })),
  ];
}

const NEG = 'cloud.google.com/neg-status';

/** What shows that a balancer outside of the cluster sends to the addresses of pods. */
function balanced(
  service: KubernetesObject,
  workload: KubernetesObject,
  objects: readonly KubernetesObject[],
): Limit[] {
  const gates = objectsAt(podSpec(workload), 'readinessGates');
  const binding = objects.find(
    object =>
      kindKey(object) === 'TargetGroupBinding.elbv2.k8s.aws' &&
      areTogether(object, service) &&
      textAt(object, 'spec', 'serviceRef', 'name') === service.metadata.name,
  );
  const reason = 'a balancer sends to the addresses of its pods, and learns of a change late';
  return [
    ...(annotationsOf(service)[NEG] === undefined
      ? []
      : [{ pointer: formatPointer(['metadata', 'annotations', NEG]), reason }]),
    ...(gates.length === 0
      ? []
      : [{ object: workload, pointer: '/spec/template/spec/readinessGates', reason }]),
    ...(binding === undefined ? [] : [{ object: binding, pointer: '/spec/serviceRef/name', reason }]),
  ];
}

/**
 * Why a Service cannot be held while a release is open: its selector must select the pods of both versions.
 * @param before the workload as the release before has it
 * @param after the workload as the release has it
 */
export function selectorProblems(
  service: KubernetesObject,
  before: KubernetesObject,
  after: KubernetesObject,
): StepsProblem[] {
  const selector = serviceSelector(service);
  if (selector === undefined) return [];
  return [before, after].flatMap((workload, index) => {
    const labels = podLabels(workload);
    if (selects(selector, labels)) return [];
    const [key = '', value = ''] =
      Object.entries(selector.matchLabels ?? {}).find(([name, wanted]) => labels[name] !== wanted) ?? [];
    const version = index === 0 ? 'the version that serves' : 'the new version';
    return [
      {
        ...at(service, formatPointer(['spec', 'selector', key])),
        code: 'steps-selector' as const,
        message: `the selector of ${describe(service)} asks for the label ${key}: ${value}, which the pods of ${version} of ${describe(workload)} do not have`,
        remedy: 'let it select the pods of both, and change it one release later',
      },
    ];
  });
}

function at(object: KubernetesObject, pointer: string): Pick<StepsProblem, 'object' | 'pointer'> {
  return { object: referenceTo(object), pointer };
}

function describe(object: KubernetesObject): string {
  return describeBriefly(referenceTo(object));
}
