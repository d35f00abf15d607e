import { API_VERSION, type Application, type Destination, defined, type Formation } from '@slipway/core';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { compareManifests } from '@slipway/release';
import { reviewedChange } from './changes.ts';
import type { Move, RemovedDestination, ReviewedChange } from './reviewed.ts';

/** What an application and its formations say. */
export interface Settings {
  readonly application: Application;
  readonly formations: ReadonlyMap<string, Formation>;
}

/**
 * The fields of slipway.yaml and of formations that change a release and that no manifest shows: what images are made of, where a
 * formation goes, and after which one. Rules of a formation are left out, since a finding says of each that it changes. A new formation
 * or destination is shown by its objects.
 */
export function changedSettings(before: Settings, after: Settings): readonly ReviewedChange[] {
  const { name } = after.application.metadata;
  const [old, next] = [settingsOf(before, after, name), settingsOf(after, before, name)];
  const states = new Map(next.map(object => [keyOf(object), { after: { object } }]));
  return compareManifests(old, next).map(change => reviewedChange(change, states));
}

/** What both have, as objects. */
function settingsOf(
  { application, formations }: Settings,
  other: Settings,
  name: string,
): readonly KubernetesObject[] {
  const { registry, services } = application.spec;
  return [
    settingsObject('Application', name, { registry, services }),
    ...[...formations].flatMap(([formation, { spec }]) => {
      const others = other.formations.get(formation)?.spec.destinations;
      if (others === undefined) return [];
      const { 'promoted-from': promotedFrom, 'head-sign-off': headSignOff, soak, waves, kubernetes } = spec;
      const destinations = Object.fromEntries(
        Object.entries(spec.destinations)
          .filter(([destination]) => Object.hasOwn(others, destination))
          .map(([destination, { patches: _, ...where }]) => [destination, where]),
      );
      const fields = defined({
        'promoted-from': promotedFrom,
        'head-sign-off': headSignOff,
        ...{ soak, waves, kubernetes },
      });
      return [settingsObject('Formation', formation, { ...fields, destinations })];
    }),
  ];
}

function settingsObject(kind: string, name: string, spec: object): KubernetesObject {
  return { apiVersion: API_VERSION, kind, metadata: { name }, spec: spec as KubernetesObject };
}

/** The destinations that have another namespace, context or cluster than before: what runs there does not go with them. */
export function movedDestinations(before: Settings, after: Settings): readonly Move[] {
  return [...after.formations].flatMap(([formation, { spec }]) =>
    Object.entries(spec.destinations).flatMap(([destination, to]) => {
      const from = before.formations.get(formation)?.spec.destinations[destination];
      return from === undefined ? [] : moveOf(`${formation}/${destination}`, from, to);
    }),
  );
}

function moveOf(name: string, from: Destination, to: Destination): Move[] {
  const isElsewhere = from.context !== to.context || from.cluster?.server !== to.cluster?.server;
  if (from.namespace === to.namespace && !isElsewhere) return [];
  return [{ name, namespace: from.namespace, isNamespaceKept: from.namespace === to.namespace }];
}

/** The new destination of the same formation that has the namespace of one that is removed, as after a renaming. */
export function withSuccessor(
  { formation, destination, namespace }: { formation: string; destination: string; namespace: string },
  before: Settings | undefined,
  after: Settings,
): RemovedDestination {
  const [had, has] = [before, after].map(one => one?.formations.get(formation)?.spec.destinations ?? {});
  const successor = Object.entries(has ?? {}).find(
    ([name, one]) => one.namespace === namespace && !Object.hasOwn(had ?? {}, name),
  )?.[0];
  return {
    name: `${formation}/${destination}`,
    ...defined({ successor: successor && `${formation}/${successor}` }),
  };
}
