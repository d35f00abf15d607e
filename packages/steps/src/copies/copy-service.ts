import { defined, type JsonObject } from '@slipway/core';
import { type KubernetesObject, objectAt, objectsAt } from '@slipway/kubernetes';
import { copyName } from './copy-name.ts';
import { selectingTrack } from './track.ts';

/**
 * The Service that sends to the copy alone, for checks before users come. It has the ports of the new manifest and nothing else of it:
 * with its labels and annotations, monitors would ask the copy twice, and balancers would be set up.
 */
export function copyOfService(service: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata } = service;
  const ports = objectsAt(service, 'spec', 'ports').map(
    ({ nodePort: _nodePort, ...port }): JsonObject => port,
  );
  return {
    apiVersion,
    kind,
    metadata: { name: copyName(metadata.name), ...defined({ namespace: metadata['namespace'] }) },
    spec: {
      type: 'ClusterIP',
      selector: selectingTrack(objectAt(service, 'spec', 'selector'), 'next'),
      ...(ports.length === 0 ? {} : { ports }),
    },
  };
}
