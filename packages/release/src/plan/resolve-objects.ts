import { isDefinition, withoutServerFields } from '@slipway/kubernetes';
import { type KindsOfServer, resourceKey } from '../cluster/live.ts';
import { jobByContent } from '../objects/jobs.ts';
import { inNamespace, isNamespaced } from '../objects/scope.ts';
import type { ReleaseRequest, ResolvedObject } from '../request.ts';

/** The objects in their namespaces, with Jobs named by their content. Objects of a record already have their names. */
export function resolveObjects(
  { objects, identity, restores }: ReleaseRequest,
  { resources }: KindsOfServer,
): ResolvedObject[] {
  const definitions = objects.map(({ object }) => object).filter(isDefinition);
  return objects.map(given => {
    // An exported object has fields of the server's, which would be preconditions or are refused.
    const source = withoutServerFields(given.object);
    const named = restores === undefined ? jobByContent(source) : source;
    const namespaced = isNamespaced(source, resources.get(resourceKey(source)), definitions);
    return { ...given, object: inNamespace(named, namespaced, identity.namespace), source };
  });
}
