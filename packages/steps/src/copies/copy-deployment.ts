import { isJsonObject, type JsonObject } from '@slipway/core';
import { type KubernetesObject, objectAt, objectsAt } from '@slipway/kubernetes';
import { podLabels } from '../workloads/pods-of.ts';
import { copyName } from './copy-name.ts';
import { selectingTrack, withTrack, withValueAt } from './track.ts';

/**
 * The temporary copy of a Deployment: the new manifest under another name, whose pods and selector have a label of their own. All else
 * stays, so that network policies, monitors and the mesh treat its pods as those of the Deployment.
 * @param size how many pods it has
 * @param pod a live pod of stable, whose requests the copy takes: they may have been changed on admission
 */
export function copyOfDeployment(
  deployment: KubernetesObject,
  size: number,
  pod?: KubernetesObject,
): KubernetesObject {
  const named = renamed(withTrack(deployment, 'next'));
  const labels = objectAt(deployment, 'spec', 'selector', 'matchLabels') ?? podLabels(deployment);
  const selecting = withValueAt(named, ['spec', 'selector', 'matchLabels'], selectingTrack(labels, 'next'));
  const sized = withValueAt(selecting, ['spec', 'replicas'], size);
  return pod === undefined ? sized : withRequestsOf(sized, pod);
}

/** An object under the name of its copy. */
export function renamed(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, name: copyName(object.metadata.name) } };
}

/** What the containers of a live pod request, in the template of the copy. */
function withRequestsOf(copy: KubernetesObject, pod: KubernetesObject): KubernetesObject {
  const requests = new Map(
    objectsAt(pod, 'spec', 'containers').map(container => [
      container['name'],
      objectAt(container, 'resources', 'requests'),
    ]),
  );
  const path = ['spec', 'template', 'spec', 'containers'];
  const containers = objectsAt(copy, ...path).map(container => {
    const live = requests.get(container['name'] ?? '');
    return live === undefined ? container : withRequests(container, live);
  });
  return withValueAt(copy, path, containers);
}

/** A request above a limit is refused: the limit is kept, as it is what the manifest says. */
function withRequests(container: JsonObject, live: JsonObject): JsonObject {
  const resources = objectAt(container, 'resources') ?? {};
  const limits = isJsonObject(resources['limits']) ? resources['limits'] : {};
  const written = isJsonObject(resources['requests']) ? resources['requests'] : {};
  const kept = Object.entries(live).filter(([name]) => !Object.hasOwn(limits, name));
  const requests = { ...written, ...Object.fromEntries(kept) };
  if (Object.keys(requests).length === 0) return container;
  return { ...container, resources: { ...resources, requests } };
}
