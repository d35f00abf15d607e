import {
  type Application,
  type Finding,
  formatPointer,
  imageReferences,
  quote,
  type Rendered,
} from '@slipway/core';
import { foreignImages, objectKey, referenceTo } from '@slipway/kubernetes';
import { type ManifestObject, UNRESOLVED } from '@slipway/render';
import { findingFor } from './finding-for.ts';

/**
 * Images of a rendered target that deploy would refuse, since they are not those of the application's services: after a build that would
 * be too late.
 */
export function imageFindings(
  objects: readonly ManifestObject[],
  rendered: Rendered,
  application: Application,
): Finding[] {
  const known = imagesOfServices(rendered, application);
  return objects.flatMap(manifest =>
    foreignImages(manifest.object, known).map(({ container, image, path }) => {
      const reference = referenceTo(manifest.object);
      return findingFor('images/foreign', 'error', {
        message: `${reference.kind} ${quote(reference.name)}: ${quote(container)} runs ${quote(image)}, which is not an image of a service`,
        remedy: 'make it a service of slipway.yaml and write ${image.<service>}',
        at: manifest.positionAt(formatPointer(path)),
        subject: [objectKey(reference), container],
      });
    }),
  );
}

/** The images that `${image.<service>}` stands for: those of the snapshot, or on a pull request a stand-in for each service. */
function imagesOfServices({ snapshot }: Rendered, { spec }: Application): ReadonlySet<string> {
  return snapshot === undefined
    ? new Set(Object.keys(spec.services).map(service => `${spec.registry}/${service}:${UNRESOLVED}`))
    : imageReferences(snapshot);
}
