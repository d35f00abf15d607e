import { objectKey, type Problem, quote, referenceTo } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import type { Repository } from '../repository/repository.ts';

/**
 * A warning for each two formations that would own the same objects in one namespace of one cluster: deploy refuses the second.
 * Of destinations that name no cluster nobody knows here whether it is one.
 */
export function sharedObjects(
  repository: Repository,
  destinations: readonly RenderedDestination[],
): Problem<RenderErrorCode>[] {
  const places = Map.groupBy(destinations, ({ rendered }) => placeOf(repository, rendered));
  return [...places].flatMap(([place, together]) =>
    (place === undefined ? [] : together).flatMap((destination, index) => {
      const before = together.slice(0, index);
      const shared = before.map(other => problemOf(repository, other, destination));
      return shared.filter(problem => problem !== undefined);
    }),
  );
}

type Place = Pick<RenderedDestination['rendered'], 'formation' | 'destination' | 'namespace'>;

function placeOf(
  { formations }: Repository,
  { formation, destination, namespace }: Place,
): string | undefined {
  const declared = formations.get(formation)?.spec.destinations[destination];
  const cluster = declared?.cluster?.server ?? declared?.context;
  return cluster === undefined ? undefined : JSON.stringify([cluster, namespace]);
}

function problemOf(
  { formationFiles }: Repository,
  first: RenderedDestination,
  second: RenderedDestination,
): Problem<RenderErrorCode> | undefined {
  const keys = new Set(first.objects.map(({ object }) => objectKey(referenceTo(object))));
  const both = second.objects.filter(({ object }) => keys.has(objectKey(referenceTo(object))));
  const [example] = both;
  if (example === undefined) return undefined;
  const { formation, destination } = second.rendered;
  const at = formationFiles.get(formation)?.document.keyPositionOf(['spec', 'destinations', destination]);
  const { kind, metadata } = example.object;
  return {
    code: 'object-shared',
    ...(at === undefined ? {} : { at }),
    message: `${both.length === 1 ? 'an object' : `${both.length} objects`} of ${quote(`${formation}/${destination}`)}, such as ${kind} ${quote(metadata.name)}, ${both.length === 1 ? 'is' : 'are'} of ${quote(`${first.rendered.formation}/${first.rendered.destination}`)} too, in one namespace of one cluster`,
    remedy: 'give one of the formations a name-prefix and labels, or a namespace of its own',
  };
}
