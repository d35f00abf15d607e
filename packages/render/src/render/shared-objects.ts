import { defined, type Problem, quote } from '@slipway/core';
import { objectKey, referenceTo } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import type { ManifestObject } from '../manifests/manifest-object.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import type { Repository } from '../repository/repository.ts';

/**
 * A warning for each two targets that would own the same objects of one cluster, since deploy refuses the second. Targets that do not name
 * a cluster are not compared.
 */
export function sharedObjects(
  repository: Repository,
  destinations: readonly RenderedDestination[],
): Problem<RenderErrorCode>[] {
  const clusters = Map.groupBy(destinations, ({ rendered }) => clusterOf(repository, rendered));
  return [...clusters].flatMap(([cluster, together]) =>
    cluster === undefined || together.length === 1 ? [] : sharedWithin(repository, together),
  );
}

function sharedWithin(
  repository: Repository,
  destinations: readonly RenderedDestination[],
): Problem<RenderErrorCode>[] {
  const owners = new Map<string, RenderedDestination>();
  return destinations.flatMap(destination => {
    const shared = Map.groupBy(destination.objects, ({ object }) => {
      const key = objectKey(referenceTo(object));
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, destination);
      return owner;
    });
    return [...shared].flatMap(([owner, objects]) =>
      owner === undefined ? [] : [problemOf(repository, owner, destination, objects)],
    );
  });
}

type TargetName = Pick<RenderedDestination['rendered'], 'formation' | 'destination'>;

function clusterOf({ formations }: Repository, { formation, destination }: TargetName): string | undefined {
  const declared = formations.get(formation)?.spec.destinations[destination];
  return declared?.cluster?.server ?? declared?.context;
}

function problemOf(
  { formationFiles }: Repository,
  owner: RenderedDestination,
  { rendered: { formation, destination } }: RenderedDestination,
  objects: readonly ManifestObject[],
): Problem<RenderErrorCode> {
  const file = formationFiles.get(formation);
  const at = (file?.destinationsDocument ?? file?.document)?.keyPositionOf([
    'spec',
    'destinations',
    destination,
  ]);
  const { kind, metadata } = objects[0]?.object ?? { kind: '', metadata: { name: '' } };
  const [what, are] = objects.length === 1 ? ['an object', 'is'] : [`${objects.length} objects`, 'are'];
  const other = quote(`${owner.rendered.formation}/${owner.rendered.destination}`);
  return {
    code: 'object-shared',
    ...defined({ at }),
    message: `${what} of ${quote(`${formation}/${destination}`)}, such as ${kind} ${quote(metadata.name)}, ${are} also in ${other}, which is in the same cluster`,
    remedy:
      'give one of the formations a name-prefix and labels or, for namespaced objects, a different namespace',
  };
}
