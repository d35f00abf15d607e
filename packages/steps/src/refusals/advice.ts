import {
  describeBriefly,
  type KubernetesObject,
  objectAt,
  objectsAt,
  referenceTo,
  textAt,
} from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { podSpec } from '../workloads/pods-of.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';

/** What those who plan steps should know, although nothing is refused for it. */
export function advice(workloads: readonly StepWorkload[]): StepsProblem[] {
  return [
    ...workloads.flatMap(workload => [...withoutPreStop(workload), ...spread(workload.object)]),
    ...[...new Set(workloads.flatMap(({ services }) => services))].flatMap(ofService),
  ];
}

/** docs/decisions/0034-users-are-moved-by-a-selector.md */
function withoutPreStop({ object, takesWork }: StepWorkload): StepsProblem[] {
  const containers = objectsAt(podSpec(object), 'containers');
  const serving = containers.filter(container => objectsAt(container, 'ports').length > 0);
  const hasOne = (serving.length > 0 ? serving : containers).some(
    container => objectAt(container, 'lifecycle', 'preStop') !== undefined,
  );
  if (hasOne || takesWork) return [];
  return [
    hint(
      object,
      '/spec/template/spec/containers',
      `${describe(object)} has no preStop, so that connections to pods that end are refused while stable is rolled`,
      'add preStop: {sleep: {seconds: 5}} to the container that serves',
    ),
  ];
}

/** Rules of the scheduler that count the pods of both versions together. */
function spread(workload: KubernetesObject): StepsProblem[] {
  const spec = podSpec(workload);
  const pointer = '/spec/template/spec';
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const apart = objectsAt(spec, 'affinity', 'podAntiAffinity', required);
  const even = objectsAt(spec, 'topologySpreadConstraints').findIndex(
    constraint => (textAt(constraint, 'whenUnsatisfiable') ?? 'DoNotSchedule') === 'DoNotSchedule',
  );
  return [
    ...(apart.length === 0
      ? []
      : [
          hint(
            workload,
            `${pointer}/affinity/podAntiAffinity/${required}`,
            `${describe(workload)} has a required podAntiAffinity, so that each pod of the copy needs a place of its own beside those of stable`,
            'make sure that there are enough nodes, or that more can be added',
          ),
        ]),
    ...(even < 0
      ? []
      : [
          hint(
            workload,
            `${pointer}/topologySpreadConstraints/${even}`,
            `${describe(workload)} has a spread constraint with DoNotSchedule, which counts the pods of both versions together`,
            'add matchLabelKeys: [pod-template-hash], so that each version is spread by itself',
          ),
        ]),
  ];
}

function ofService(service: KubernetesObject): StepsProblem[] {
  const isSticky = textAt(service, 'spec', 'sessionAffinity') === 'ClientIP';
  const distribution = textAt(service, 'spec', 'trafficDistribution');
  return [
    ...(isSticky
      ? [
          hint(
            service,
            '/spec/sessionAffinity',
            `${describe(service)} has sessionAffinity, so that a weight is a share of clients, and not of connections`,
            'expect shares that differ from the weights, with few clients',
          ),
        ]
      : []),
    ...(distribution === undefined
      ? []
      : [
          hint(
            service,
            '/spec/trafficDistribution',
            `${describe(service)} has trafficDistribution ${distribution}, so that each zone or node has a share of its own`,
            'expect shares that differ from the weights where pods of the copy are few',
          ),
        ]),
  ];
}

function hint(object: KubernetesObject, pointer: string, message: string, remedy: string): StepsProblem {
  return { code: 'steps-advice', object: referenceTo(object), pointer, message, remedy };
}

function describe(object: KubernetesObject): string {
  return describeBriefly(referenceTo(object));
}
