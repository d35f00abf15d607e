import { type Finding, type Position, parsePointer, strategyWarnings } from '@slipway/core';
import { type KubernetesObject, keyOf, numberAt, objectKey } from '@slipway/kubernetes';
import { type FormationFile, type ManifestObject, writtenStrategy } from '@slipway/render';
import {
  advice,
  manifestProblems,
  mayGoInSteps,
  nothingInSteps,
  type StepsProblem,
  scalersOf,
  sharedSelectors,
  singlePods,
} from '@slipway/steps';
import { findingFor } from './finding-for.ts';

/** Another target in the same namespace of the same cluster. */
export interface Neighbour {
  /** `canary/eu` */
  readonly name: string;
  readonly objects: readonly ManifestObject[];
}

/**
 * What deploy would refuse about the steps of a formation, as far as its manifests show it, and what those who review them should know.
 * @param neighbours whose Services and pods are in the same namespace
 */
export function stepsFindings(
  manifests: readonly ManifestObject[],
  file: FormationFile,
  neighbours: readonly Neighbour[],
): Finding[] {
  const written = writtenStrategy(file);
  if (written === undefined) return [];
  const { strategy, positionOf } = written;
  const objects = manifests.map(({ object }) => object);
  const others = neighbours.map(({ name, objects: theirs }) => ({
    name,
    objects: theirs.map(({ object }) => object),
  }));
  const known = new Map(manifests.map(manifest => [keyOf(manifest.object), manifest]));
  const at = ({ object, pointer }: StepsProblem): Position | undefined =>
    object === undefined
      ? positionOf(parsePointer(pointer))
      : known.get(objectKey(object))?.positionAt(pointer);
  const chosen = mayGoInSteps(objects, strategy);
  const { workloads } = chosen;
  const counted = workloads.map(workload => ({ ...workload, stable: writtenPods(workload.object, objects) }));
  const found = [
    ...manifestProblems(objects, strategy),
    ...others.flatMap(other => sharedSelectors(workloads, other)),
    ...nothingInSteps(chosen),
    ...advice(workloads),
    ...singlePods(counted, strategy, file.formation.spec.verify?.checks ?? []),
  ];
  return [
    ...found.map(problem => {
      const { code, message, remedy, object, pointer } = problem;
      const subject = [object === undefined ? file.formation.metadata.name : objectKey(object), pointer];
      const severity = code === 'steps-advice' ? 'warning' : 'error';
      const said = { message, ...(remedy === undefined ? {} : { remedy }), at: at(problem), subject };
      return findingFor(code.replace('-', '/'), severity, said);
    }),
    ...strategyWarnings(written).map(({ message, remedy, at: where }) =>
      findingFor('steps/strategy', 'warning', {
        ...{ message, at: where, subject: [file.formation.metadata.name, message] },
        ...(remedy === undefined ? {} : { remedy }),
      }),
    ),
  ];
}

/** How many pods the manifests say; undefined where an autoscaler decides. */
function writtenPods(workload: KubernetesObject, objects: readonly KubernetesObject[]): number | undefined {
  return scalersOf(workload, objects).length > 0 ? undefined : (numberAt(workload, 'spec', 'replicas') ?? 1);
}

/** The targets in the namespace of one of them, where nothing says that they are in different clusters. */
export function neighboursOf<Other extends Neighbour & { readonly place: string }>(
  name: string,
  all: readonly Other[],
): Other[] {
  const place = all.find(other => other.name === name)?.place;
  return all.filter(other => other.name !== name && other.place === place);
}
